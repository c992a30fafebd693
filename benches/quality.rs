//! How long does the judgement of one record take, as it runs for every record that is written or loaded?

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use vesalius::app;
use vesalius::catalogue::quality::Rules;
use vesalius::catalogue::{Base, Profiles};
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;

const BASE: &str = "https://atlas.example.org";

fn judge(criterion: &mut Criterion) {
    let ontology = Arc::new(Ontology::bundled().expect("the bundled ontology"));
    let profiles = Profiles::load(&app::SHAPES, None).expect("the bundled profiles");
    let kinds = app::kinds().expect("the bundled kinds");
    let rules = Rules::new(&kinds, &profiles, ontology);
    let base = Base::new(BASE).expect("an address");
    let generator = Generator::new(1_000, 42, BASE);
    let records: Vec<_> = (0..1_000).map(|i| generator.record(i)).collect();
    let triples: usize = records.iter().map(|record| record.triples.len()).sum();
    eprintln!("{} triples a record", triples / records.len());
    let mut all = records.iter().cycle();
    criterion.bench_function("one record: evidence and measurements", |bencher| {
        bencher.iter(|| {
            let record = all.next().expect("it never ends");
            let evidence = rules.evidence("dataset", &record.iri, &record.triples);
            let evidence = evidence.expect("a kind that is known");
            black_box(evidence.measurements(&base, "/dataset/one", &record.iri))
        });
    });
    criterion.bench_function("one record: everything that its page shows", |bencher| {
        bencher.iter(|| {
            let record = all.next().expect("it never ends");
            let evidence = rules.evidence("dataset", &record.iri, &record.triples);
            black_box(evidence.map(|evidence| evidence.to_json("de")))
        });
    });
}

criterion_group!(benches, judge);
criterion_main!(benches);
