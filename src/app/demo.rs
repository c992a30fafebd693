//! What does the demonstration Atlas hold? Descriptions written for it, inside the binary.

use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};

use super::App;
use super::load::{Loader, Tally};
use crate::rdf::Format;

static DEMO: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/demo");

/// Loads the demonstration into an empty catalogue; leaves any other as it is.
pub async fn fill(app: &App) -> Result<Option<Tally>> {
    if app.catalogue.ledger().last_sequence() > 0 {
        return Ok(None);
    }
    let loader = Loader::new(app);
    let mut documents = Vec::new();
    for file in DEMO.files() {
        if file
            .path()
            .extension()
            .is_some_and(|extension| extension == "ttl")
        {
            documents.push((
                file.path().display().to_string(),
                file.contents(),
                Format::Turtle,
            ));
        }
    }
    let tally = loader
        .documents(&documents)
        .await
        .context("the demonstration cannot be loaded")?;
    app.follower().catch_up().await?;
    Ok(Some(tally))
}

/// A catalogue without a root gets one, so that its address answers from the first minute.
pub async fn root(app: &App) -> Result<()> {
    let base = app.catalogue.base();
    if app.catalogue.ledger().head(base.as_str()).await?.is_some() {
        return Ok(());
    }
    let name = crate::rdf::Literal::new_simple_literal(&app.config.web.name);
    let text = format!(
        "@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n\
         @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix fdp-o: <https://w3id.org/fdp/fdp-o#> .\n\
         <{base}> a fdp-o:FAIRDataPoint, fdp-o:MetadataService, dcat:DataService, dcat:Resource ;\n\
           dct:title {name} ; dcat:version \"1.0\" ; dct:publisher <{base}#publisher> .\n\
         <{base}#publisher> a foaf:Agent ; foaf:name {name} .\n"
    );
    let loader = Loader::new(app);
    loader
        .documents(&[("root".to_owned(), text.as_bytes(), Format::Turtle)])
        .await?;
    Ok(())
}
