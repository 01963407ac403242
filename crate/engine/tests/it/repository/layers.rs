//! Tests the order of the engine's folders: compares the imports of each module with the list in `lib.rs`,
//! and finds circles of imports in any folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::slice;

/// A module by its path from the crate's root, as `["paging", "supply"]`.
type Module = Vec<String>;

/// The modules that each module of a crate names in its code.
type Imports = BTreeMap<Module, BTreeSet<Module>>;

/// A word or a sign of Rust's text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Sign(char),
}

/// The words and signs of a source, without comments, strings and characters.
fn tokens(source: &str) -> Vec<Token> {
    let text: Vec<char> = source.chars().collect();
    let at = |place: usize| text.get(place).copied().unwrap_or('\0');
    let is_name = |sign: char| sign.is_alphanumeric() || sign == '_';
    let (mut tokens, mut place) = (Vec::new(), 0);
    while place < text.len() {
        match (at(place), at(place + 1)) {
            ('/', '/') => {
                while place < text.len() && at(place) != '\n' {
                    place += 1;
                }
            }
            ('/', '*') => {
                let mut depth = 0;
                loop {
                    match (at(place), at(place + 1)) {
                        ('/', '*') => (depth, place) = (depth + 1, place + 2),
                        ('*', '/') => (depth, place) = (depth - 1, place + 2),
                        _ => place += 1,
                    }
                    if depth == 0 || place >= text.len() {
                        break;
                    }
                }
            }
            ('r', '"' | '#') if raw_string_end(&text, place).is_some() => {
                place = raw_string_end(&text, place).unwrap();
            }
            ('"', _) => {
                place += 1;
                while place < text.len() && at(place) != '"' {
                    place += if at(place) == '\\' { 2 } else { 1 };
                }
                place += 1;
            }
            // A character, or else a lifetime.
            ('\'', '\\') => {
                place += 3;
                while place < text.len() && at(place) != '\'' {
                    place += 1;
                }
                place += 1;
            }
            ('\'', _) if at(place + 2) == '\'' => place += 3,
            (sign, _) if is_name(sign) => {
                let start = place;
                while is_name(at(place)) {
                    place += 1;
                }
                tokens.push(Token::Word(text[start..place].iter().collect()));
            }
            (sign, _) => {
                if !sign.is_whitespace() {
                    tokens.push(Token::Sign(sign));
                }
                place += 1;
            }
        }
    }
    tokens
}

/// Where the raw string ends that begins here, if one does.
fn raw_string_end(text: &[char], start: usize) -> Option<usize> {
    let hashes = text[start + 1..].iter().take_while(|sign| **sign == '#').count();
    let open = start + 1 + hashes;
    (text.get(open) == Some(&'"')).then_some(())?;
    let closes = |place: &usize| {
        let after = text[place + 1..].iter().take_while(|sign| **sign == '#').count();
        text[*place] == '"' && after >= hashes
    };
    (open + 1..text.len()).find(closes).map(|place| place + 1 + hashes)
}

fn is_word(token: Option<&Token>, word: &str) -> bool {
    matches!(token, Some(Token::Word(found)) if found == word)
}

fn is_sign(token: Option<&Token>, sign: char) -> bool {
    token == Some(&Token::Sign(sign))
}

/// Where the item ends that begins here: after its block, or after its semicolon.
fn end_of_item(tokens: &[Token], start: usize) -> usize {
    let mut depth = 0;
    for (place, token) in tokens.iter().enumerate().skip(start) {
        match token {
            Token::Sign('{' | '(' | '[') => depth += 1,
            Token::Sign(sign @ ('}' | ')' | ']')) => {
                depth -= 1;
                if depth == 0 && *sign == '}' {
                    return place + 1;
                }
            }
            Token::Sign(';') if depth == 0 => return place + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The same code without what is compiled for tests alone.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let attribute = self::tokens("#[cfg(test)]");
    let (mut kept, mut place) = (Vec::new(), 0);
    while place < tokens.len() {
        if tokens[place..].starts_with(&attribute) {
            place += attribute.len();
            while is_sign(tokens.get(place), '#') {
                let mut depth = 0;
                loop {
                    place += 1;
                    depth += i32::from(is_sign(tokens.get(place), '['));
                    depth -= i32::from(is_sign(tokens.get(place), ']'));
                    if depth == 0 || place >= tokens.len() {
                        break;
                    }
                }
                place += 1;
            }
            place = end_of_item(tokens, place);
        } else {
            kept.push(tokens[place].clone());
            place += 1;
        }
    }
    kept
}

/// Reads the tree of paths that goes on here from `path`; returns where it ends.
fn read_tree(
    tokens: &[Token],
    start: usize,
    path: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let (mut path, mut place) = (path.to_vec(), start);
    loop {
        match tokens.get(place) {
            Some(Token::Word(word)) => {
                path.push(word.clone());
                place += 1;
                let goes_on =
                    is_sign(tokens.get(place), ':') && is_sign(tokens.get(place + 1), ':');
                if !goes_on {
                    found.push(path);
                    return place;
                }
                place += 2;
            }
            Some(Token::Sign('{')) => {
                place += 1;
                while place < tokens.len() && !is_sign(tokens.get(place), '}') {
                    let end = read_tree(tokens, place, &path, found);
                    // Past a star, a new name and a comma.
                    place = end + usize::from(end == place);
                    while !tokens[place..].is_empty()
                        && (is_sign(tokens.get(place), ',') || is_word(tokens.get(place), "as"))
                    {
                        place += if is_word(tokens.get(place), "as") { 2 } else { 1 };
                    }
                }
                return place + 1;
            }
            // A star, or the types of a generic item.
            _ => {
                found.push(path);
                return place;
            }
        }
    }
}

/// The paths into its own crate that a module's code names, from the crate's root, and its children.
fn paths(module: &Module, source: &str) -> BTreeSet<Vec<String>> {
    let tokens = without_tests(&tokens(source));
    let mut found = BTreeSet::new();
    // The module that encloses each place: modules within the file, by the depth of their braces.
    let mut enclosing: Vec<(usize, String)> = Vec::new();
    let mut depth = 0;
    let mut place = 0;
    while place < tokens.len() {
        let here = || -> Module {
            module.iter().chain(enclosing.iter().map(|(_, name)| name)).cloned().collect()
        };
        match &tokens[place] {
            Token::Sign('{') => depth += 1,
            Token::Sign('}') => {
                depth -= 1;
                enclosing.retain(|(at, _)| *at < depth);
            }
            Token::Word(word) if word == "mod" => {
                if let Some(Token::Word(name)) = tokens.get(place + 1) {
                    if is_sign(tokens.get(place + 2), '{') {
                        enclosing.push((depth, name.clone()));
                    } else {
                        found.insert([here(), vec![name.clone()]].concat());
                    }
                }
            }
            Token::Word(word) if matches!(&**word, "crate" | "super" | "self") => {
                let is_path = is_sign(tokens.get(place + 1), ':')
                    && is_sign(tokens.get(place + 2), ':')
                    && !place.checked_sub(1).is_some_and(|before| {
                        // A visibility is no import, and `$crate` is the macro's own.
                        is_word(tokens.get(before), "in")
                            || is_sign(tokens.get(before), '$')
                            || is_sign(tokens.get(before), ':')
                    });
                if is_path {
                    let mut trees = Vec::new();
                    read_tree(&tokens, place, &[], &mut trees);
                    found.extend(trees.into_iter().map(|tree| absolute(&here(), &tree)));
                }
            }
            _ => {}
        }
        place += 1;
    }
    found
}

/// A path from the crate's root.
fn absolute(here: &Module, path: &[String]) -> Vec<String> {
    let mut at = here.clone();
    for segment in path {
        match &**segment {
            "crate" => at.clear(),
            "super" => drop(at.pop()),
            "self" => {}
            name => at.push(name.to_owned()),
        }
    }
    at
}

/// What each module of a crate imports, by its sources.
fn imports(sources: &BTreeMap<Module, String>) -> Imports {
    let module_of = |path: &[String]| -> Module {
        let mut prefix = path.to_vec();
        while !sources.contains_key(&prefix) {
            prefix.pop();
        }
        prefix
    };
    let of_module = |(module, source): (&Module, &String)| {
        let named =
            paths(module, source).iter().map(|path| module_of(path)).collect::<BTreeSet<_>>();
        (module.clone(), named.into_iter().filter(|named| named != module).collect())
    };
    sources.iter().map(of_module).collect()
}

fn name(module: &Module) -> String {
    if module.is_empty() { "the crate's root".to_owned() } else { module.join("::") }
}

/// Imports of a folder that does not stand above the importing one in the order.
fn against_the_order(imports: &Imports, order: &[String]) -> Vec<String> {
    let place = |room: &String| order.iter().position(|name| name == room);
    let mut wrong = Vec::new();
    for (module, named) in imports {
        for other in named {
            let (Some(room), Some(used)) = (module.first(), other.first()) else { continue };
            if room != used && place(used) >= place(room) {
                wrong.push(format!("{} imports {}", name(module), name(other)));
            }
        }
    }
    wrong
}

/// The parts of each folder, its files and folders and its own `mod.rs`, and which of them imports which.
fn folders(imports: &Imports) -> BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> {
    let mut folders: BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (module, named) in imports {
        for other in named {
            let common = module.iter().zip(other).take_while(|(one, other)| one == other).count();
            let part = |path: &Module| path.get(common).map_or("mod.rs", |name| name).to_owned();
            let folder = folders.entry(module[..common].to_vec()).or_default();
            folder.entry(part(module)).or_default().insert(part(other));
        }
    }
    folders
}

/// A circle of imports among the parts of a folder.
fn circle(parts: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(
        parts: &BTreeMap<String, BTreeSet<String>>,
        part: &String,
        way: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = way.iter().position(|passed| passed == part) {
            return Some([&way[start..], slice::from_ref(part)].concat());
        }
        if !done.insert(part.clone()) {
            return None;
        }
        way.push(part.clone());
        let found =
            parts.get(part).into_iter().flatten().find_map(|next| walk(parts, next, way, done));
        way.pop();
        found
    }
    let mut done = BTreeSet::new();
    parts.keys().find_map(|part| walk(parts, part, &mut Vec::new(), &mut done))
}

/// The circles of all folders, in words.
fn circles(imports: &Imports) -> Vec<String> {
    let in_words = |(folder, parts): (&Module, &BTreeMap<String, BTreeSet<String>>)| {
        Some(format!("in {}: {}", name(folder), circle(parts)?.join(" -> ")))
    };
    folders(imports).iter().filter_map(in_words).collect()
}

/// The sources of the engine by module.
fn sources(folder: &Path, module: &Module, found: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let child = || [module.clone(), vec![stem.clone()]].concat();
        if path.is_dir() {
            sources(&path, &child(), found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let of = if matches!(&*stem, "lib" | "mod") { module.clone() } else { child() };
            let before = found.insert(of, fs::read_to_string(&path).unwrap());
            assert_eq!(before, None, "{} has two files", path.display());
        }
    }
}

fn engine() -> BTreeMap<Module, String> {
    let mut found = BTreeMap::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &Vec::new(), &mut found);
    assert!(found.len() > 100, "{}", found.len());
    found
}

/// The folders and files of the crate's root in the order that `lib.rs` promises.
fn promised_order(library: &str) -> Vec<String> {
    let item = |line: &str| {
        let item = line.strip_prefix("//! * ")?.trim_start_matches('[').strip_prefix('`')?;
        Some(item.split_once('`')?.0.to_owned())
    };
    let list = library.lines().skip_while(|line| !line.contains("above it in this list"));
    let list = list.skip_while(|line| item(line).is_none());
    list.map_while(item).collect()
}

#[test]
fn the_order_of_the_folders_is_whole() {
    let engine = engine();
    let order = promised_order(&engine[&Vec::new()]);
    let promised: BTreeSet<_> = order.iter().collect();
    assert_eq!(promised.len(), order.len(), "{order:?}");
    let roots: BTreeSet<_> = engine.keys().filter_map(|module| module.first()).collect();
    assert_eq!(promised, roots);
}

#[test]
fn a_folder_uses_only_those_above_it() {
    let engine = engine();
    let wrong = against_the_order(&imports(&engine), &promised_order(&engine[&Vec::new()]));
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn no_modules_import_each_other() {
    assert_eq!(circles(&imports(&engine())), [""; 0]);
}

/// Sources of a crate, by the names of the modules.
fn crate_of(modules: &[(&str, &str)]) -> BTreeMap<Module, String> {
    let path =
        |name: &str| name.split("::").filter(|part| !part.is_empty()).map(String::from).collect();
    modules.iter().map(|(name, source)| (path(name), (*source).to_owned())).collect()
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    let modules = [("", ""), ("a", "mod b;"), ("a::b", ""), ("a::c", ""), ("d", "")];
    let seen = |source: &str| {
        let crate_of = crate_of(&[&modules[..], &[("a::m", source)]].concat());
        imports(&crate_of)[&["a", "m"].map(String::from).to_vec()].iter().map(name).collect()
    };
    let cases: [(&str, &[&str]); 20] = [
        ("use crate::d;", &["d"]),
        ("use crate::d::Thing;", &["d"]),
        ("use crate::{d::{self, Thing as Other}, a::b::X};", &["a::b", "d"]),
        ("use super::b::{X, Y};", &["a::b"]),
        ("pub(super) use super::{Face, c::X};", &["a", "a::c"]),
        ("fn f() -> crate::d::Thing { loop {} }", &["d"]),
        ("fn f() { super::b::g::<crate::d::X>() }", &["a::b", "d"]),
        ("mod inner { use super::Own; use super::super::b::X; }", &["a::b"]),
        ("mod inner { mod more { use super::super::super::c; } } use super::b;", &["a::b", "a::c"]),
        ("use crate::d::*;", &["d"]),
        ("use crate::a::{b, c};", &["a::b", "a::c"]),
        ("use std::{crate_like::d}; use self::own::X;", &[]),
        ("pub(in crate::d) fn f() {} pub(crate) struct S;", &[]),
        ("// use crate::d;\n/* crate::d /* crate::d */ crate::d */ /// [`crate::d::X`]\n", &[]),
        ("const S: &str = \"crate::d\"; const R: &str = r#\"crate::d \" super::b\"#;", &[]),
        (
            "const Q: char = '\"'; use crate::d; const E: char = '\\''; use super::b;",
            &["a::b", "d"],
        ),
        ("fn f<'a>(x: &'a crate::d::X) {}", &["d"]),
        ("#[cfg(test)]\nmod tests { use crate::d; fn f() { {} } }\nuse super::b;", &["a::b"]),
        ("#[cfg(test)]\n#[allow(unused)]\nuse crate::d;\nuse super::c;", &["a::c"]),
        ("macro_rules! m { () => { $crate::d::x() } }", &[]),
    ];
    for (source, expected) in cases {
        let seen: Vec<String> = seen(source);
        assert_eq!(seen, expected, "{source}");
    }
}

#[test]
fn an_import_against_the_order_is_found() {
    let order = ["low", "high"].map(String::from);
    let with = |low, high| imports(&crate_of(&[("", ""), ("low", low), ("high::x", high)]));
    let fine = with("", "use crate::low::X;");
    assert_eq!(against_the_order(&fine, &order), [""; 0]);
    let wrong = with("use crate::high::x::Y;", "");
    assert_eq!(against_the_order(&wrong, &order), ["low imports high::x"]);
}

#[test]
fn a_circle_is_found_in_whatever_folder_it_is() {
    let with = |changed: (&str, &str)| {
        let mut modules = BTreeMap::from([
            ("", ""),
            ("a", "mod low; mod high;"),
            ("a::low", ""),
            ("a::high", "use super::low::X;"),
            ("a::inner", "mod one; mod two;"),
            ("a::inner::one", "use crate::a::low::X;"),
            ("a::inner::two", "use super::one::X;"),
        ]);
        modules.insert(changed.0, changed.1);
        circles(&imports(&crate_of(&modules.into_iter().collect::<Vec<_>>())))
    };
    assert_eq!(with(("", "")), [""; 0]);
    // Of two files, of a file and a folder, through the folder's own face, and in a folder's folder.
    assert_eq!(with(("a::low", "use super::high;")), ["in a: high -> low -> high"]);
    assert_eq!(with(("a::low", "use super::inner::X;")), ["in a: low -> inner -> low"]);
    assert_eq!(with(("a::low", "use super::X;")), ["in a: high -> low -> mod.rs -> high"]);
    assert_eq!(
        with(("a::inner::one", "fn f() { super::two::g() }")),
        ["in a::inner: mod.rs -> one -> two -> one"].map(|_| "in a::inner: one -> two -> one")
    );
}
