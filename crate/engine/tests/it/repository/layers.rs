//! Tests the order of the engine's folders, and of the modules of the reader of traces: compares the imports of each
//! module with the list in `lib.rs`, and finds circles of imports in any folder.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::files::{files, read};

/// A module by its path from the crate's root, as `["paging", "supply"]`.
type Module = Vec<String>;

/// The modules that each module of a crate names in its code.
type Imports = BTreeMap<Module, BTreeSet<Module>>;

fn is_sign(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == sign)
}

/// The tokens between two braces, if they stand here.
fn block(token: Option<&TokenTree>) -> Option<TokenStream> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            Some(group.stream())
        }
        _ => None,
    }
}

/// Whether what follows is compiled for tests alone.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    let [sign, TokenTree::Group(attribute), ..] = tokens else { return false };
    is_sign(Some(sign), '#') && attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// Reads the path, or the tree of paths, that goes on at `place` from the module `at`; returns where it ends.
fn read_tree(
    tokens: &[TokenTree],
    mut place: usize,
    mut at: Module,
    found: &mut BTreeSet<Module>,
) -> usize {
    while let Some(TokenTree::Ident(word)) = tokens.get(place) {
        match &*word.to_string() {
            "crate" => at.clear(),
            "super" => drop(at.pop()),
            "self" => {}
            name => at.push(name.to_owned()),
        }
        place += 1;
        if !starts_with_colons(&tokens[place..]) {
            found.insert(at);
            return place;
        }
        place += 2;
    }
    let Some(branches) = block(tokens.get(place)) else {
        // A star, or the types of a generic item.
        found.insert(at);
        return place;
    };
    let branches: Vec<_> = branches.into_iter().collect();
    let branches = branches.split(|token| is_sign(Some(token), ','));
    for branch in branches.filter(|branch| !branch.is_empty()) {
        read_tree(branch, 0, at.clone(), found);
    }
    place + 1
}

fn starts_with_colons(tokens: &[TokenTree]) -> bool {
    is_sign(tokens.first(), ':') && is_sign(tokens.get(1), ':')
}

/// Finds the paths into its own crate that a module's code names, from the crate's root, and its children.
fn paths(module: &Module, code: TokenStream, found: &mut BTreeSet<Module>) {
    let tokens: Vec<_> = code.into_iter().collect();
    let mut place = 0;
    while place < tokens.len() {
        if is_for_tests(&tokens[place..]) {
            let ends =
                |token: &TokenTree| block(Some(token)).is_some() || is_sign(Some(token), ';');
            place += tokens[place..].iter().position(ends).map_or(tokens.len(), |end| end + 1);
            continue;
        }
        let rest = &tokens[place + 1..];
        match &tokens[place] {
            TokenTree::Group(group) => {
                // A visibility is no import.
                let first = group.stream().into_iter().next();
                if !matches!(first, Some(TokenTree::Ident(word)) if word == "in") {
                    paths(module, group.stream(), found);
                }
            }
            TokenTree::Ident(word) if word == "mod" => {
                if let Some(TokenTree::Ident(name)) = rest.first() {
                    let child = [&module[..], &[name.to_string()]].concat();
                    if let Some(code) = block(rest.get(1)) {
                        paths(&child, code, found);
                        place += 2;
                    } else {
                        found.insert(child);
                    }
                }
            }
            TokenTree::Ident(word)
                if ["crate", "super", "self"].iter().any(|name| word == name)
                    && starts_with_colons(rest) =>
            {
                place = read_tree(&tokens, place, module.clone(), found);
                continue;
            }
            _ => {}
        }
        place += 1;
    }
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
        let mut found = BTreeSet::new();
        paths(module, source.parse().unwrap(), &mut found);
        let named = found.iter().map(|path| module_of(path)).filter(|named| named != module);
        (module.clone(), named.collect())
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

/// The crates whose order is tested, each with how many sources it has at least.
const CRATES: [(&str, usize); 2] = [("engine", 100), ("traces", 20)];

/// The sources of those crates by module.
fn crates() -> impl Iterator<Item = BTreeMap<Module, String>> {
    CRATES.iter().map(|(name, least)| sources(name, *least))
}

fn sources(name: &str, least: usize) -> BTreeMap<Module, String> {
    let mut found = BTreeMap::new();
    for path in files(&[&*format!("crate/{name}/src")]) {
        let Some(name) = path.strip_suffix(".rs") else { continue };
        let mut module: Module = name.split('/').skip(3).map(String::from).collect();
        module.pop_if(|last| matches!(&**last, "lib" | "mod"));
        assert_eq!(found.insert(module, read(&path)), None, "{path}: its module has two files");
    }
    assert!(found.len() > least, "{name}: {}", found.len());
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
    for sources in crates() {
        let order = promised_order(&sources[&Vec::new()]);
        let promised: BTreeSet<_> = order.iter().collect();
        assert_eq!(promised.len(), order.len(), "{order:?}");
        let roots: BTreeSet<_> = sources.keys().filter_map(|module| module.first()).collect();
        assert_eq!(promised, roots);
    }
}

#[test]
fn a_folder_uses_only_those_above_it() {
    for sources in crates() {
        let order = promised_order(&sources[&Vec::new()]);
        assert_eq!(against_the_order(&imports(&sources), &order), [""; 0]);
    }
}

#[test]
fn no_modules_import_each_other() {
    let found: Vec<_> = crates().flat_map(|sources| circles(&imports(&sources))).collect();
    assert_eq!(found, [""; 0]);
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
    let cases: [(&str, &[&str]); 22] = [
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
        ("#[cfg(test)]\nuse crate::{d};\nuse super::c;", &["a::c"]),
        ("fn f() { for x in crate::d::all() {} }", &["d"]),
        ("macro_rules! m { () => { $crate::d::x() } }", &["d"]),
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
