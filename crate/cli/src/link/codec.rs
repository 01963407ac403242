//! The codec of links: `#1.` and base64url of raw deflate of a scenario's text, as the page reads and writes them.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};

const VERSION: u32 = 1;

/// A link of a few kilobytes can inflate to gigabytes: no honest scenario comes near this.
const LARGEST: u64 = 4 << 20;

/// Returns the fragment, with its `#`, that carries this text.
pub(super) fn encode(text: &str) -> Result<String, String> {
    if text.len() as u64 > LARGEST {
        let size = text.len();
        return Err(format!("a scenario of {size} bytes fits no link; legal: at most {LARGEST}"));
    }
    let mut small = Vec::new();
    DeflateEncoder::new(text.as_bytes(), Compression::best())
        .read_to_end(&mut small)
        .map_err(|error| error.to_string())?;
    Ok(format!("#{VERSION}.{}", URL_SAFE_NO_PAD.encode(small)))
}

/// Returns the text that a link carries: an address with a fragment, or the fragment alone. Where the viewer stood
/// (`&lines=3`) is passed over.
pub(super) fn decode(link: &str) -> Result<String, String> {
    const LEGAL: &str = "#1. and a scenario, as the page's Share dialog makes it";
    let (_, fragment) = link
        .split_once('#')
        .ok_or_else(|| format!("the link has no fragment; legal: an address with {LEGAL}"))?;
    let body = fragment.split('&').next().unwrap_or_default();
    let (version, body) = body
        .split_once('.')
        .filter(|(version, _)| {
            !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())
        })
        .ok_or_else(|| format!("found #{}, legal: {LEGAL}", shortened(body)))?;
    if version.parse() != Ok(VERSION) {
        return Err(format!(
            "the link is of version {version}; this command reads version {VERSION}"
        ));
    }
    let small = URL_SAFE_NO_PAD
        .decode(body)
        .map_err(|error| format!("the link is damaged: {error}, after #{VERSION}."))?;
    let mut bytes = Vec::new();
    DeflateDecoder::new(small.as_slice())
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| "the link is damaged or cut: its scenario cannot be unpacked".to_owned())?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!(
            "the link unpacks to more than {LARGEST} bytes, the most that a scenario may have"
        ));
    }
    String::from_utf8(bytes).map_err(|_| "the link does not carry a text in UTF-8".to_owned())
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
