//! A reference to a page is an access of a reference string: a page that is read, or written.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::options::MAX_PAGES;

/// A reference to a page. In a document it is the page's number for a read, and a text of the number
/// with a `w` after it for a write: `3`, `"3w"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The page.
    pub page: u32,
    /// Whether it is written.
    pub write: bool,
}

impl Reference {
    /// Reads a reference as text: `3` or `3w`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (digits, write) = text.strip_suffix('w').map_or((text, false), |digits| (digits, true));
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let page = digits.parse().ok().filter(|page| is_number && *page < MAX_PAGES)?;
        Some(Self { page, write })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.page, if self.write { "w" } else { "" })
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.write { serializer.collect_str(self) } else { serializer.serialize_u32(self.page) }
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReferenceVisitor)
    }
}

struct ReferenceVisitor;

impl Visitor<'_> for ReferenceVisitor {
    type Value = Reference;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a page, or a text of a page and `w`")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Reference, E> {
        let page = u32::try_from(number).ok().filter(|page| *page < MAX_PAGES);
        let page = page.ok_or_else(|| E::custom("the page is past the last"))?;
        Ok(Reference { page, write: false })
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Reference, E> {
        Reference::read(text).ok_or_else(|| E::custom("the text is no reference"))
    }
}

impl JsonSchema for Reference {
    fn schema_name() -> Cow<'static, str> {
        "Reference".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["integer", "string"], "minimum": 0, "maximum": MAX_PAGES - 1, "pattern": "^[0-9]{1,6}w?$"
        })
    }
}
