//! How long does a file of 10,000 rows take, from its bytes to checked records?

use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use vesalius::app;
use vesalius::catalogue::profile::Neighbours;
use vesalius::catalogue::sheet::cell::Values;
use vesalius::catalogue::sheet::download::{Drawn, Written};
use vesalius::catalogue::sheet::layout::Layout;
use vesalius::catalogue::sheet::row::Row;
use vesalius::catalogue::sheet::rows::{Part, rows_of, said_by};
use vesalius::catalogue::sheet::table::{Column, Table};
use vesalius::catalogue::sheet::{csv, xlsx};
use vesalius::catalogue::{Base, Profiles};
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;
use vesalius::rdf::NamedNode;

const BASE: &str = "https://atlas.example.org";
const ROWS: usize = 10_000;

fn sheets(criterion: &mut Criterion) {
    let ontology = Arc::new(Ontology::bundled().expect("the bundled ontology"));
    let profiles = Profiles::load(&app::SHAPES, None, &ontology).expect("the bundled profiles");
    let kinds = app::kinds().expect("the bundled kinds");
    let kind = kinds.by_name("dataset").expect("a kind");
    let profile = profiles.get("eucaim-dcat-ap-2.0").expect("a profile");
    let tables = [Table::new(&profile, kind, &ontology).expect("the profile has datasets")];
    let base = Base::new(BASE).expect("an address");
    let generator = Generator::new(ROWS, 42, BASE);
    let mut values = Values::new(&ontology, &base);
    let rows: Vec<Row> = (0..ROWS)
        .map(|i| {
            let record = generator.record(i);
            let mut row =
                rows_of(&tables, (0, &record.iri), None, record.triples, &mut values).main;
            row.insert(Column::Record, record.iri.into_string());
            row
        })
        .collect();
    let columns = tables[0].columns();
    let cells = |row: &Row| -> Vec<String> {
        let cell = |column: &Column| row.get(column).cloned().unwrap_or_default();
        columns.iter().map(cell).collect()
    };
    let written = Written {
        name: "Datasets".to_owned(),
        columns: columns
            .iter()
            .map(|column| Drawn {
                heading: tables[0].heading(column, "en"),
                ..Drawn::default()
            })
            .collect(),
        help: Vec::new(),
        rows: rows.iter().map(cells).collect(),
    };
    let headings = written.columns.iter().map(|one| one.heading.clone());
    let text = csv::write(std::iter::once(headings.collect()).chain(written.rows.clone()));
    let book = xlsx::write(&[written], "en").expect("a workbook");
    let mut group = criterion.benchmark_group("10,000 rows");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(30));
    group.bench_function("read a table", |bencher| {
        bencher.iter(|| csv::read("Datasets", text.as_bytes()).expect("a table"));
    });
    group.bench_function("read a workbook", |bencher| {
        bencher.iter(|| xlsx::read(&book).expect("a workbook"));
    });
    let read = csv::read("Datasets", text.as_bytes()).expect("a table");
    group.bench_function("understand and check, one core", |bencher| {
        let fresh = || (read.clone(), Values::new(&ontology, &base));
        bencher.iter_batched(
            fresh,
            |(book, mut values)| {
                let mut layout = Layout::default();
                layout.add(&book.sheets[0], &tables, None, "en");
                let neighbours = Neighbours {
                    ontology: &ontology,
                    snapshot: None,
                };
                for entry in layout.entries {
                    let address = entry.address.expect("every row has one");
                    let iri = NamedNode::new_unchecked(&address);
                    let parts = [Part {
                        table: 0,
                        address,
                        row: entry.row,
                    }];
                    let (triples, _) = said_by(&tables, (0, &iri), &parts, &mut values);
                    // Rows of other sheets belong to it, so that it is checked, but need not fit.
                    std::hint::black_box(profile.check(&iri, &triples, &neighbours).fits());
                }
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, sheets);
criterion_main!(benches);
