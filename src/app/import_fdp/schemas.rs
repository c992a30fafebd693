//! Which shapes hold there? Every version of every schema is kept here, for the operator to put in force as a profile.

use anyhow::Result;
use serde_json::Value;

use super::source::Source;
use super::tally::Tally;
use crate::app::App;
use crate::web::fair_data_point::keep_schema;

/// The most versions of all schemas.
const VERSIONS_MAX: usize = 2_000;

pub(super) async fn take(app: &App, source: &Source, tally: &mut Tally) -> Result<()> {
    let address = format!("{}/metadata-schemas", source.address);
    let read = || source.client.json(&format!("{address}?drafts=false"));
    let schemas = match tokio::task::block_in_place(read) {
        Ok(schemas) => schemas,
        Err(why) => {
            tally.note(format!("schemas are not taken: {why}"));
            return Ok(());
        }
    };
    let mut left = VERSIONS_MAX;
    for schema in schemas.as_array().into_iter().flatten() {
        let Some(uuid) = schema["uuid"].as_str() else {
            continue;
        };
        let names = schema["versions"].as_array().into_iter().flatten();
        let names: Vec<&str> = names.filter_map(Value::as_str).take(left).collect();
        left -= names.len();
        let mut versions = Vec::new();
        for name in names {
            let version = format!("{address}/{uuid}/versions/{name}");
            match tokio::task::block_in_place(|| source.client.json(&version)) {
                Ok(version) => versions.push(version),
                Err(why) => tally.note(format!("a version of a schema is not taken: {why}")),
            }
        }
        // Where versions are not told one by one, the latest stands in the list.
        if versions.is_empty() && schema["latest"].is_object() {
            versions.push(schema["latest"].clone());
        }
        match keep_schema(&app.catalogue, uuid, versions, source.base.as_str()).await {
            Ok(true) => tally.schema(),
            Ok(false) => (),
            Err(why) => tally.note(format!("the schema {} is not taken: {why}", schema["name"])),
        }
    }
    Ok(())
}
