//! Tests links from the command (W5): those that it makes are read again, those that were published open, and what is
//! none is refused in words.

use std::fs;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateEncoder;
use serde_json::{Value, json};

use crate::command::faultline;
use crate::support::{root, text};

fn printed(arguments: &[&str], input: &str) -> String {
    let output = faultline(arguments, input);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    text(&output.stdout).trim_end().to_owned()
}

fn refused(arguments: &[&str]) -> String {
    let output = faultline(arguments, r#"{"faultline": 1}"#);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr).trim_end().to_owned()
}

#[test]
fn w5_each_shipped_scenario_goes_into_a_link_and_comes_out_again() {
    for file in fs::read_dir(root().join("scenarios")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let name = path.to_str().unwrap();
        let link = printed(&["link", name, "--base", "https://example.org/lab/"], "");
        assert!(link.starts_with("https://example.org/lab/#1."), "{name}: {link}");
        let back: Value = serde_json::from_str(&printed(&["from-link", &link], "")).unwrap();
        let whole: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(back, whole, "{name}");
    }
}

/// The page's own test has the links that were published, with what they carry.
#[test]
fn w5_a_published_link_is_read_by_the_command() {
    let page = fs::read_to_string(root().join("web/src/share/published-links.test.ts")).unwrap();
    let after = |start: &'static str| {
        page.split(start).skip(1).map(|rest| rest.split('\'').next().unwrap())
    };
    let links = after("link: '").zip(after("text: '"));
    let mut count = 0;
    for (link, carried) in links {
        assert_eq!(printed(&["from-link", link], ""), carried);
        count += 1;
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn w5_an_embedded_scenario_says_its_panels_and_escapes_its_title() {
    let scenario = json!({"faultline": 1, "title": "a \"b\" <c>\n & d"}).to_string();
    let call = [
        "embed",
        "-",
        "--base",
        "https://example.org/",
        "--panels",
        "script,deck",
        "--theme",
        "dark",
        "--autoplay",
    ];
    let frame = printed(&call, &scenario);
    let start = "<iframe src=\"https://example.org/?embed=1&amp;panels=script,deck&amp;theme=dark&amp;autoplay=1#1.";
    assert!(frame.starts_with(start), "{frame}");
    assert!(
        frame.contains("title=\"a &quot;b&quot; &lt;c&gt; &amp; d\" width=\"100%\""),
        "{frame}"
    );
    // The page's Share dialog writes the same frame.
    let page = fs::read_to_string(root().join("web/src/share/snippets.ts")).unwrap();
    let (_, size) = frame.split_once(" width=").unwrap();
    assert!(page.contains(&format!(" width={size}`")), "{size}");
}

/// Without a base a link opens what `npm start` serves.
#[test]
fn w5_a_link_leads_to_the_page_that_is_served_here() {
    let link = printed(&["link", "-"], r#"{"faultline": 1}"#);
    let start = fs::read_to_string(root().join("scripts/start.mjs")).unwrap();
    let (_, port) = start.split_once("port: { type: 'string', default: '").unwrap();
    let (port, _) = port.split_once('\'').unwrap();
    assert!(link.starts_with(&format!("http://localhost:{port}/#1.")), "{link}");
}

#[test]
fn w5_what_is_no_link_is_refused_in_words() {
    for (link, expected) in [
        ("https://example.org/", "the link has no fragment"),
        ("#", "found #, legal: #1. and a scenario"),
        ("#q1ZKSyzNK", "found #q1ZKSyzNK, legal: #1."),
        ("#2.q1ZKSyzNKcnJzEtVsjKsBQA", "the link is of version 2; this command reads version 1"),
        ("#1.q1ZK*", "the link is damaged: "),
        ("#1.q1ZKSyzN", "the link is damaged or cut"),
    ] {
        let found = refused(&["from-link", link]);
        assert!(found.starts_with(expected), "{link}: {found}");
    }
    let spaces = " ".repeat(5 << 20);
    let large = faultline(&["link", "-"], &format!(r#"{{"faultline": 1, "title": "{spaces}"}}"#));
    assert!(text(&large.stderr).contains("fits no link; legal: at most 4194304"), "{large:?}");
    // A few kilobytes that unpack to as much.
    let mut small = Vec::new();
    DeflateEncoder::new(spaces.as_bytes(), Compression::best()).read_to_end(&mut small).unwrap();
    let bomb = format!("#1.{}", URL_SAFE_NO_PAD.encode(small));
    assert!(bomb.len() < 20_000);
    assert!(refused(&["from-link", &bomb]).contains("unpacks to more than 4194304 bytes"));
    for wrong in ["example.org", "https://", "https://a/?b", "https://a/#b", "ftp://a/"] {
        let found = refused(&["link", "-", "--base", wrong]);
        assert!(found.contains("expected an address without ? and #"), "{wrong}: {found}");
    }
}
