//! How does a record look to machine learning (Croissant 1.1), and why may it not?

use serde_json::{Value, json};

use super::described::{Described, File};
use super::schema_org::{self, Holder};

const CONFORMS_TO: &str = "http://mlcommons.org/croissant/1.1";

/// Why a record cannot be described in Croissant.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "Croissant needs a dataset with a distribution that has a download address, a media type and a SHA-256 checksum"
)]
pub struct NoFiles;

/// The record in Croissant, with the files that say where they are and what they hold.
pub fn json_ld(record: &Described<'_>, holder: Option<Holder<'_>>) -> Result<Value, NoFiles> {
    let files: Vec<Value> = record.files.iter().filter_map(file).collect();
    if files.is_empty() || record.sort.schema_org != "Dataset" {
        return Err(NoFiles);
    }
    let mut body = serde_json::Map::new();
    body.insert("@context".to_owned(), context());
    body.extend(schema_org::properties(record, holder));
    body.insert("@type".to_owned(), json!("sc:Dataset"));
    body.shift_remove("http://purl.org/dc/terms/conformsTo");
    body.insert("conformsTo".to_owned(), json!(CONFORMS_TO));
    body.insert("distribution".to_owned(), json!(files));
    Ok(Value::Object(body))
}

fn file(file: &File<'_>) -> Option<Value> {
    let (address, format) = (file.download_url?, file.media_type?);
    let sum = file.sha256.as_deref()?;
    let name = file
        .title
        .as_ref()
        .map_or(address, |title| title.text.as_ref());
    let mut body = json!({
        "@type": "cr:FileObject",
        "@id": file.iri.unwrap_or(address),
        "name": name,
        "contentUrl": address,
        "encodingFormat": format,
        "sha256": sum.to_ascii_lowercase(),
    });
    if let Some(bytes) = &file.bytes {
        body["contentSize"] = json!(format!("{bytes} B"));
    }
    Some(body)
}

fn context() -> Value {
    json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "citeAs": "cr:citeAs",
        "column": "cr:column",
        "data": { "@id": "cr:data", "@type": "@json" },
        "dataType": { "@id": "cr:dataType", "@type": "@vocab" },
        "examples": { "@id": "cr:examples", "@type": "@json" },
        "extract": "cr:extract",
        "field": "cr:field",
        "fileObject": "cr:fileObject",
        "fileProperty": "cr:fileProperty",
        "fileSet": "cr:fileSet",
        "format": "cr:format",
        "includes": "cr:includes",
        "isLiveDataset": "cr:isLiveDataset",
        "jsonPath": "cr:jsonPath",
        "key": "cr:key",
        "md5": "cr:md5",
        "parentField": "cr:parentField",
        "path": "cr:path",
        "recordSet": "cr:recordSet",
        "references": "cr:references",
        "regex": "cr:regex",
        "repeated": "cr:repeated",
        "replace": "cr:replace",
        "separator": "cr:separator",
        "source": "cr:source",
        "subField": "cr:subField",
        "transform": "cr:transform",
    })
}
