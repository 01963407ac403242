//! `faultline link`, `open`, `embed` and `from-link` turn a scenario into an address of the page, and back.

mod codec;

use std::path::{Path, PathBuf};

use clap::Args;
use faultline::scenario::Overrides;

use crate::files::Files;
use crate::input::{parse, read};
use crate::output::{print, say};

/// The page that `npm start` serves.
const HERE: &str = "http://localhost:5173/";

#[derive(Args, Debug)]
pub(crate) struct LinkOptions {
    /// The scenario; `-` reads standard input.
    file: PathBuf,
    /// The address of the page; what `npm start` serves when left out.
    #[arg(long, value_name = "URL", default_value = HERE, value_parser = base)]
    base: String,
}

#[derive(Args, Debug)]
pub(crate) struct EmbedOptions {
    #[command(flatten)]
    link: LinkOptions,
    /// The panels to show, with commas between them; those that an embedded page shows when left out.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = panel)]
    panels: Vec<String>,
    /// Light or dark, whatever the reader's system has.
    #[arg(long, value_parser = ["light", "dark"])]
    theme: Option<String>,
    /// Where it stands when it opens; at the end when left out.
    #[arg(long, value_parser = ["start", "end"])]
    at: Option<String>,
    /// Play the script when it opens.
    #[arg(long)]
    autoplay: bool,
}

#[derive(Args, Debug)]
pub(crate) struct FromLinkOptions {
    /// The link: an address with a fragment, or the fragment alone.
    link: String,
}

/// Parses the address of a page.
fn base(text: &str) -> Result<String, String> {
    let is_web = ["http://", "https://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    });
    let is_plain = !text.contains(['#', '?', '"', '<', '>']) && !text.contains(char::is_whitespace);
    if is_web && is_plain {
        return Ok(text.to_owned());
    }
    Err(format!("found {text:?}, expected an address without ? and #, as in {HERE}"))
}

/// Parses the name of a panel: which there are, only the page knows, and it passes over others.
fn panel(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(text.to_owned());
    }
    Err(format!("found {text:?}, expected the name of a panel in small letters, as in script"))
}

/// Reads a scenario that holds to the format, and returns its title and its link's fragment.
fn fragment_of(file: &Path) -> Result<(String, String), String> {
    let text = read(file, &mut Files::new())?;
    let scenario = parse(&text, &Overrides::default())?;
    let fragment = codec::encode(&compact(&text))?;
    Ok((scenario.title, fragment))
}

/// Leaves out the white space between the tokens of a JSON text.
fn compact(text: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    text.trim_start_matches('\u{feff}')
        .chars()
        .filter(|character| {
            let is_kept = in_text || !character.is_ascii_whitespace();
            match character {
                '"' if !escaped => in_text = !in_text,
                _ => {}
            }
            escaped = in_text && *character == '\\' && !escaped;
            is_kept
        })
        .collect()
}

/// Prints the link of a scenario.
pub(crate) fn link(options: &LinkOptions) -> Result<bool, String> {
    let (_, fragment) = fragment_of(&options.file)?;
    print(&format!("{}{fragment}", options.base))?;
    Ok(true)
}

/// Opens the page with a scenario, in the browser of this computer.
pub(crate) fn open(options: &LinkOptions) -> Result<bool, String> {
    let (_, fragment) = fragment_of(&options.file)?;
    let address = format!("{}{fragment}", options.base);
    if let Err(error) = open::that_detached(&address) {
        say(&format!("no browser could be opened ({error}): this is the address"));
    }
    print(&address)?;
    Ok(true)
}

/// Prints the frame of a scenario for another page.
pub(crate) fn embed(options: &EmbedOptions) -> Result<bool, String> {
    let (title, fragment) = fragment_of(&options.link.file)?;
    let mut wishes = vec!["embed=1".to_owned()];
    if !options.panels.is_empty() {
        wishes.push(format!("panels={}", options.panels.join(",")));
    }
    wishes.extend(options.theme.iter().map(|theme| format!("theme={theme}")));
    wishes.extend(options.at.iter().map(|at| format!("at={at}")));
    if options.autoplay {
        wishes.push("autoplay=1".to_owned());
    }
    let address = format!("{}?{}{fragment}", options.link.base, wishes.join("&"));
    let (address, title) = (escaped(&address), escaped(&one_line(&title)));
    print(&format!(
        "<iframe src=\"{address}\" title=\"{title}\" width=\"100%\" height=\"520\" style=\"border:0\" loading=\"lazy\"></iframe>"
    ))?;
    Ok(true)
}

/// Prints the scenario that a link carries.
pub(crate) fn from_link(options: &FromLinkOptions) -> Result<bool, String> {
    print(&codec::decode(&options.link)?)?;
    Ok(true)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Returns a title as one line of 120 characters at most.
fn one_line(title: &str) -> String {
    let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 120 {
        return line;
    }
    let start: String = line.chars().take(119).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w5_white_space_goes_from_between_tokens_alone() {
        let text = "{\n  \"a b\": [1, 2],\t\"c\\\" d\": \"e \\\\\", \"f\" : 3 }";
        assert_eq!(compact(text), "{\"a b\":[1,2],\"c\\\" d\":\"e \\\\\",\"f\":3}");
    }
}
