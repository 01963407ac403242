//! The decoder turns a document that the rules have passed into the types of the format.
//!
//! An object is an object then, and a list is a list. serde's own reader of a JSON value is ready for either in the
//! other's place, and has twice the code for each type. Here a key or a word is looked up once, in the list that
//! the type gives of its own, and the type gets its number: so it need not compare texts.

use std::vec;

use serde::de::value::{MapDeserializer, SeqDeserializer, U64Deserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess,
    VariantAccess, Visitor,
};
use serde_json::{Error, Value, map};

/// A value that the rules have passed, as a deserializer.
pub(super) struct Checked(pub(super) Value);

impl<'de> IntoDeserializer<'de, Error> for Checked {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn other(expected: &str) -> Error {
    Error::custom(format!("not {expected}"))
}

type Items = SeqDeserializer<std::iter::Map<vec::IntoIter<Value>, fn(Value) -> Checked>, Error>;

fn items(value: Value) -> Result<Items, Error> {
    match value {
        Value::Array(items) => {
            Ok(SeqDeserializer::new(items.into_iter().map(Checked as fn(_) -> _)))
        }
        _ => Err(other("a list")),
    }
}

fn entries(value: Value) -> Result<map::IntoIter, Error> {
    match value {
        Value::Object(map) => Ok(map.into_iter()),
        _ => Err(other("an object")),
    }
}

impl<'de> Deserializer<'de> for Checked {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::String(text) => visitor.visit_string(text),
            Value::Number(number) => Value::Number(number).deserialize_any(visitor),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let entries = entries(self.0)?.map(|(key, value)| (key, Self(value)));
        visitor.visit_map(MapDeserializer::new(entries))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Keys { entries: entries(self.0)?, known, value: Value::Null })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(items(self.0)?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let (word, value) = match self.0 {
            Value::String(word) => (word, Value::Null),
            Value::Object(map) => map.into_iter().next().ok_or_else(|| other("one key"))?,
            _ => return Err(other("a word or an object")),
        };
        visitor.visit_enum(Form { number: number_of(&word, known)?, value })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct newtype_struct tuple_struct identifier ignored_any
    }
}

/// Returns the index of a word in the list of known ones.
fn number_of(word: &str, known: &'static [&'static str]) -> Result<u64, Error> {
    let number = known.iter().position(|each| *each == word);
    number.map(|number| number as u64).ok_or_else(|| Error::unknown_field(word, known))
}

/// The entries of an object that are not decoded yet.
struct Keys {
    entries: map::IntoIter,
    known: &'static [&'static str],
    /// The value of the key that was given last.
    value: Value,
}

impl<'de> MapAccess<'de> for Keys {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = value;
        let number: U64Deserializer<Error> = number_of(&key, self.known)?.into_deserializer();
        seed.deserialize(number).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(Checked(self.value.take()))
    }
}

/// A variant: a word, or an object with one key.
struct Form {
    number: u64,
    value: Value,
}

impl<'de> EnumAccess<'de> for Form {
    type Error = Error;
    type Variant = Checked;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Checked), Error> {
        let number: U64Deserializer<Error> = self.number.into_deserializer();
        Ok((seed.deserialize(number)?, Checked(self.value)))
    }
}

impl<'de> VariantAccess<'de> for Checked {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }
}
