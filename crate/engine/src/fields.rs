//! Where the fields of a record stand in it, for a reader in place.

/// The name and the offset in bytes of each of these fields of a record.
macro_rules! fields {
    ($record:ty { $($field:ident),* $(,)? }) => {
        [$((stringify!($field), std::mem::offset_of!($record, $field))),*]
    };
}

pub(crate) use fields;

/// The offset of a field among others; a name that is none of theirs is a mistake of the caller's.
pub(crate) fn offset(fields: &[(&str, usize)], name: &str) -> usize {
    let field = fields.iter().find(|(known, _)| *known == name);
    field.map(|(_, offset)| *offset).expect("the record has the field")
}
