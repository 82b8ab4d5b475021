//! A TOML text as [`Node`]s.

use toml::de::{DeTable, DeValue};

use super::error::{ProjectError, Source};
use super::node::{Entry, Node, Value};

/// The table that the file is.
pub fn parse(source: &Source<'_>) -> Result<Node, ProjectError> {
    match DeTable::parse(source.text) {
        Ok(table) => Ok(Node {
            at: 0,
            value: Value::Table(entries(table.into_inner())),
        }),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let what = error.message().lines().collect::<Vec<_>>().join(", ");
            Err(source.error(at, what, "correct the file"))
        }
    }
}

/// In the order of the file: commands run in it.
fn entries(table: DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            at: key.span().start,
            key: key.into_inner().into_owned(),
            node: Node {
                at: value.span().start,
                value: convert(value.into_inner()),
            },
        })
        .collect();
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn convert(value: DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(values) => {
            let nodes = values.into_iter().map(|value| Node {
                at: value.span().start,
                value: convert(value.into_inner()),
            });
            Value::List(nodes.collect())
        }
        DeValue::Table(table) => Value::Table(entries(table)),
    }
}
