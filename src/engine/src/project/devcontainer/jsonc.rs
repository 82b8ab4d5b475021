//! JSON with comments and trailing commas as [`Node`]s.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::project::error::{ProjectError, Source};
use crate::project::node::{Entry, Node, Value};

/// What the file says. Only comments and trailing commas are allowed beside JSON, as editors do.
pub fn parse(source: &Source<'_>) -> Result<Node, ProjectError> {
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    match parse_to_ast(source.text, &CollectOptions::default(), &options) {
        Ok(parsed) => match parsed.value {
            Some(value) => Ok(convert(value)),
            None => Err(source.error(0, "the file is empty", "name an image in it")),
        },
        Err(error) => Err(source.error(
            error.range().start,
            error.kind().to_string(),
            "correct the file",
        )),
    }
}

fn convert(value: ast::Value<'_>) -> Node {
    let at = value.start();
    let value = match value {
        ast::Value::StringLit(text) => Value::Text(text.value.into_owned()),
        ast::Value::NumberLit(number) => Value::Number(number.value.to_owned()),
        ast::Value::BooleanLit(value) => Value::Bool(value.value),
        ast::Value::Array(array) => Value::List(array.elements.into_iter().map(convert).collect()),
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::Object(object) => {
            let entries = object.properties.into_iter().map(|property| Entry {
                at: property.start(),
                key: property.name.into_string(),
                node: convert(property.value),
            });
            Value::Table(entries.collect())
        }
    };
    Node { at, value }
}
