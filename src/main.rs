//! The door: the command line.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use vesalius::app::validate::{Output, Wish};
use vesalius::app::vocabulary::{self, Switch};
use vesalius::app::{
    self, App, audit, conformance, demo, dois, export, import_fdp, load, migrate, serve, token,
    user,
};
use vesalius::auth::Role;
use vesalius::auth::local::NewUser;
use vesalius::catalogue::State;
use vesalius::config::Config;
use vesalius::generate::Generator;
use vesalius::ledger::{Start, Verdict};
use vesalius::rdf::NamedNode;
use vesalius::telemetry;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Something was checked and does not fit.
const DOES_NOT_FIT: u8 = 1;
/// The stack of a thread that parses and evaluates: queries and shapes may nest.
const STACK_BYTES: usize = 32 * 1024 * 1024;
/// Something went wrong.
const FAILED: u8 = 2;

/// Vesalius, a FAIR catalogue server for federations of image collections.
#[derive(Parser)]
#[command(version, about, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    /// Settings file (TOML). Every setting can also be given as a variable: `VESALIUS_LISTEN`,
    /// `VESALIUS_DATA`, `VESALIUS_BASE`, `VESALIUS_WEB__NAME` …
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests. With nothing configured: data in ./data, on 127.0.0.1:8080, and no way to
    /// write until a token has been made.
    Serve {
        /// Fill an empty catalogue with the demonstration Atlas.
        #[arg(long)]
        demo: bool,
    },
    /// Take in records from files, folders or addresses. What does not fit its profile is kept as
    /// a draft.
    Load(Load),
    /// Check files against a profile. Exit code 0: all fit; 1: some do not; 2: could not be checked.
    Validate(Validate),
    /// Bring files from an older profile over to its successor (EUCAIM DCAT-AP 1.0 to 2.0). Exit code
    /// 0: all migrated and valid; 1: something is left to mend; 2: could not be done.
    Migrate(Migrate),
    /// Write everything public as N-Quads, each record in its own graph.
    Export {
        /// Where to; standard output if not given.
        file: Option<PathBuf>,
    },
    /// Build the triples and the text index anew from the ledger.
    Reindex,
    /// Import a new version of a vocabulary beside the old one, compare versions, and switch.
    #[command(subcommand)]
    Ontology(Vocabulary),
    /// Make, list and revoke the tokens that writing needs.
    #[command(subcommand)]
    Token(Token),
    /// Verify, export or prune the record of who did what.
    #[command(subcommand)]
    Audit(Audit),
    /// List the DOIs of records: each with what its registry knows of it, its record, when the registry is told next,
    /// and what went wrong.
    Dois,
    /// Make, list and remove local users, who sign in by e-mail and password with a client of FAIR Data Points.
    #[command(subcommand)]
    User(User),
    /// Check whether a server keeps the promises of a standard. Exit code 0: all; 1: some are broken;
    /// 2: could not be checked.
    #[command(subcommand)]
    Conformance(Conformance),
    /// Take over a running FAIR Data Point: records with drafts and states, schemas, people and members. Can be
    /// done again: what is here and the same is left alone. Exit code 1: something was not taken.
    ImportFdp(ImportFdp),
    /// Write synthetic datasets that fit the profile, for measuring and trying out.
    Generate {
        /// How many datasets.
        n: usize,
        /// The same seed gives the same bytes.
        #[arg(long, default_value_t = 42)]
        seed: u64,
        /// Where to (N-Quads); standard output if not given.
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
}

#[derive(Args)]
struct Load {
    /// Files (.ttl .jsonld .rdf .nt .nq .trig), folders, or http(s) addresses.
    #[arg(required = true)]
    sources: Vec<String>,
    /// The catalogue of datasets that name none.
    #[arg(long, value_name = "IRI")]
    into: Option<String>,
    /// Keep everything as drafts.
    #[arg(long)]
    draft: bool,
}

#[derive(Args)]
struct Validate {
    /// Files or folders.
    #[arg(required = true)]
    sources: Vec<PathBuf>,
    /// A profile to check against, as often as wanted; if not given, those that a record names
    /// with dct:conformsTo, else that of its kind.
    #[arg(long = "profile", value_name = "NAME")]
    profiles: Vec<String>,
    /// Shapes of your own, instead of a profile.
    #[arg(long, value_name = "FILE", conflicts_with = "profiles")]
    shapes: Vec<PathBuf>,
    /// How the result is told.
    #[arg(long, value_enum, default_value = "human")]
    format: Output,
    /// The language of the messages: en, de, fr, es or it.
    #[arg(long, default_value = "en")]
    language: String,
}

#[derive(Args)]
struct Migrate {
    /// Files or folders.
    #[arg(required = true)]
    sources: Vec<PathBuf>,
    /// The profile that the files are written for; the only one with a successor if not given.
    #[arg(long, value_name = "NAME")]
    from: Option<String>,
    /// The profile that they are brought to; the successor if not given.
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// The folder for the new files (Turtle), or - for standard output; the report then goes to
    /// standard error.
    #[arg(long, short, value_name = "FOLDER|-", default_value = "-")]
    output: PathBuf,
    /// How the report is told.
    #[arg(long, value_enum, default_value = "human")]
    format: migrate::Told,
    /// The language of the report: en, de, fr, es or it.
    #[arg(long, default_value = "en")]
    language: String,
}

#[derive(Subcommand)]
enum Vocabulary {
    /// List the vocabularies and code lists with their versions.
    List,
    /// Keep a file as a version of the vocabulary that it declares, show what is different and
    /// which records break, and put it in force if none does. Exit code 1: some would, and the old
    /// version stays in force.
    Import {
        /// RDF in any format: an ontology (OWL) or a code list (SKOS).
        file: PathBuf,
        /// What the version is called; if not given, as it calls itself.
        #[arg(long)]
        name: Option<String>,
        /// Put it in force even if records break.
        #[arg(long, conflicts_with = "keep")]
        force: bool,
        /// Only keep it.
        #[arg(long)]
        keep: bool,
        /// How the difference is told.
        #[arg(long, value_enum, default_value = "human")]
        format: vocabulary::Told,
    },
    /// Show what a version changes and which records break. Exit code 1: some would.
    Diff {
        /// The vocabulary: its IRI, the last part of it, or the name of its file.
        vocabulary: String,
        /// The version; `bundled` for that of the binary.
        to: String,
        /// The version that it is compared with; the one in force if not given.
        #[arg(long, value_name = "VERSION")]
        from: Option<String>,
        /// How the difference is told.
        #[arg(long, value_enum, default_value = "human")]
        format: vocabulary::Told,
    },
    /// Put a version in force, from the next start of the server on.
    Use {
        /// The vocabulary: its IRI, the last part of it, or the name of its file.
        vocabulary: String,
        /// The version; `bundled` for that of the binary.
        version: String,
    },
}

impl From<Vocabulary> for vocabulary::Wish {
    fn from(command: Vocabulary) -> Self {
        match command {
            Vocabulary::List => Self::List,
            Vocabulary::Import {
                file,
                name,
                force,
                keep,
                format,
            } => Self::Import {
                file,
                name,
                switch: match (force, keep) {
                    (true, _) => Switch::Always,
                    (false, true) => Switch::Never,
                    (false, false) => Switch::UnlessRecordsBreak,
                },
                told: format,
            },
            Vocabulary::Diff {
                vocabulary,
                to,
                from,
                format,
            } => Self::Difference {
                vocabulary,
                from,
                to,
                told: format,
            },
            Vocabulary::Use {
                vocabulary,
                version,
            } => Self::Use {
                vocabulary,
                name: version,
            },
        }
    }
}

#[derive(Subcommand)]
enum Token {
    /// Make a token and show it, this once.
    New {
        /// What it is for.
        #[arg(long, default_value = "command line")]
        name: String,
        /// operator: everything; steward: the whole catalogue and its members; reviewer: judges in
        /// the named catalogues; provider: writes in the named catalogues; reader: reads.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Catalogues of a provider or reviewer, by IRI; * for all.
        #[arg(long = "catalogue", value_name = "IRI")]
        catalogues: Vec<String>,
        /// Days until it ends.
        #[arg(long, default_value_t = token::DAYS)]
        days: u32,
    },
    /// List the tokens.
    List,
    /// End a token.
    Revoke { id: String },
}

#[derive(Subcommand)]
enum Audit {
    /// Compute the chain of events again and compare. Exit code 0: whole, and the mark of its end
    /// is shown; 1: broken, and the first event that is not as it was is named.
    Verify {
        /// Begin at an event that is trusted: its number, or better a whole mark (number:hash)
        /// that was kept elsewhere.
        #[arg(long, value_name = "MARK")]
        from: Option<Start>,
    },
    /// Write the events as JSON Lines, the oldest first.
    Export {
        /// Where to; standard output if not given.
        file: Option<PathBuf>,
        /// Only those after the event of this number.
        #[arg(long, default_value_t = 0)]
        after: u64,
    },
    /// Forget events that are older than so many days; the rest can still be verified.
    Prune {
        #[arg(long)]
        days: u32,
    },
}

#[derive(Subcommand)]
enum User {
    /// Make a local user; the password is read from standard input.
    Add {
        #[arg(long)]
        email: String,
        #[arg(long, default_value = "")]
        first_name: String,
        #[arg(long, default_value = "")]
        last_name: String,
        /// steward: may do everything; provider: may write in the named catalogues; reader: may read.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Catalogues of a provider, by IRI; * for all.
        #[arg(long = "catalogue", value_name = "IRI")]
        catalogues: Vec<String>,
    },
    /// List the local users.
    List,
    /// Set the password of a user; it is read from standard input. What was signed in with the old one ends.
    Password { email: String },
    /// Forget a user and end their tokens.
    Remove { email: String },
}

#[derive(Subcommand)]
enum Conformance {
    /// The FAIR Data Point specification. The suite only reads, and tries to write as nobody, which must fail.
    Fdp {
        /// The address of the FAIR Data Point.
        url: String,
        /// Look also at addresses that are not public.
        #[arg(long)]
        allow_private: bool,
        /// How many records of each kind are looked at.
        #[arg(long, default_value_t = 20)]
        records: usize,
        /// Let what is only recommended count as well.
        #[arg(long)]
        strict: bool,
        /// How the result is told.
        #[arg(long, value_enum, default_value = "human")]
        format: conformance::Output,
    },
}

#[derive(Args)]
struct ImportFdp {
    /// The address of the FAIR Data Point.
    url: String,
    /// A token of an administrator there: without one, only what everybody may read is taken.
    #[arg(long)]
    token: Option<String>,
    /// A file with the token and nothing else.
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    token_file: Option<PathBuf>,
    /// Look also at addresses that are not public.
    #[arg(long)]
    allow_private: bool,
    /// Leave people and members out.
    #[arg(long)]
    without_people: bool,
}

fn role(word: &str) -> std::result::Result<Role, String> {
    Role::from_word(word)
        .ok_or_else(|| "say operator, steward, reviewer, provider or reader".to_owned())
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = Config::load(cli.config.as_deref())
        .map_err(anyhow::Error::from)
        .and_then(|config| {
            telemetry::start(&config.log)?;
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .thread_stack_size(STACK_BYTES)
                .enable_all()
                .build()?;
            runtime.block_on(run(cli.command, config))
        });
    match result {
        Ok(code) => code,
        Err(error) => {
            let mut err = std::io::stderr().lock();
            let _ = writeln!(err, "vesalius: {error:#}");
            ExitCode::from(FAILED)
        }
    }
}

async fn run(command: Command, mut config: Config) -> Result<ExitCode> {
    match command {
        Command::Serve { demo: with_demo } => {
            config.web.demo |= with_demo;
            let bar = bar("building");
            let app = App::open(config, &|done| bar.set_position(done)).await?;
            bar.finish_and_clear();
            if with_demo && let Some(tally) = demo::fill(&app).await? {
                tracing::info!(
                    records = tally.published,
                    "the demonstration Atlas is loaded"
                );
            }
            serve::run(app, |base| say(&format!("Vesalius answers at {base}\n"))).await?;
        }
        Command::Load(wish) => return load(wish, config).await,
        Command::Validate(wish) => {
            let wish = Wish {
                sources: wish.sources,
                profiles: wish.profiles,
                shapes: wish.shapes,
                language: wish.language,
                output: wish.format,
            };
            let fits = app::validate::run(&config, &wish, &mut std::io::stdout().lock())?;
            return Ok(verdict(fits));
        }
        Command::Migrate(wish) => {
            let wish = migrate::Wish {
                sources: wish.sources,
                from: wish.from,
                to: wish.to,
                output: Some(wish.output).filter(|folder| folder.as_os_str() != "-"),
                language: wish.language,
                told: wish.format,
            };
            let mut desk = migrate::Desk {
                out: &mut std::io::stdout().lock(),
                err: &mut std::io::stderr().lock(),
            };
            return Ok(verdict(migrate::run(&config, &wish, &mut desk)?));
        }
        Command::Export { file } => {
            let app = App::open(config, &|_| ()).await?;
            let bar = bar("exporting");
            let out = output(file)?;
            let records = export::run(&app, out, &|done| bar.set_position(done)).await?;
            bar.finish_and_clear();
            complain(&format!("{records} records\n"));
        }
        Command::Reindex => {
            let app = App::open(config, &|_| ()).await?;
            let bar = bar("indexing");
            app.rebuild(&|done| bar.set_position(done)).await?;
            bar.finish_and_clear();
        }
        Command::Ontology(command) => {
            let fits = vocabulary::run(&config, command.into(), &mut std::io::stdout()).await?;
            return Ok(verdict(fits));
        }
        Command::Token(command) => tokens(command, &config).await?,
        Command::Audit(command) => return audited(command, &config).await,
        Command::Dois => dois::list(&config, &mut std::io::stdout()).await?,
        Command::User(command) => users(command, &config).await?,
        Command::Conformance(Conformance::Fdp {
            url,
            allow_private,
            records,
            strict,
            format,
        }) => {
            let wish = conformance::Wish {
                url,
                private: allow_private,
                records_max: records,
                strict,
                output: format,
            };
            let keeps = tokio::task::block_in_place(|| {
                conformance::run(&config, &wish, &mut std::io::stdout().lock())
            })?;
            return Ok(verdict(keeps));
        }
        Command::ImportFdp(wish) => return import(wish, config).await,
        Command::Generate {
            n,
            seed,
            output: file,
        } => {
            let base = config.base()?;
            let mut out = output(file)?;
            let bar = bar("writing");
            let tell = |done: usize| bar.set_position(done as u64);
            Generator::new(n, seed, base.as_str()).write_nquads(&mut out, tell)?;
            bar.finish_and_clear();
            out.flush()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn load(wish: Load, config: Config) -> Result<ExitCode> {
    let app = App::open(config, &|_| ()).await?;
    demo::root(&app).await?;
    let bar = bar("loading");
    let mut loader = load::Loader::new(&app);
    let into = wish
        .into
        .map(|iri| NamedNode::new(&iri).with_context(|| format!("{iri} is no IRI")));
    loader.destination.catalogue = into.transpose()?;
    loader.destination.state = if wish.draft {
        State::Draft
    } else {
        State::Published
    };
    loader.progress = Box::new(|done| bar.set_position(done));
    let tally = loader.sources(&wish.sources).await?;
    bar.finish_and_clear();
    say(&format!(
        "{} records published, {} kept as drafts, {} could be better\n",
        tally.published, tally.drafts, tally.warnings
    ));
    for complaint in &tally.complaints {
        say(&format!("  draft: {complaint}\n"));
    }
    Ok(verdict(tally.drafts == 0 || wish.draft))
}

async fn import(wish: ImportFdp, config: Config) -> Result<ExitCode> {
    let token = match wish.token_file {
        Some(file) => {
            let text =
                std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            Some(text.trim().to_owned())
        }
        None => wish.token,
    };
    let wish = import_fdp::Wish {
        url: wish.url,
        token,
        private: wish.allow_private,
        people: !wish.without_people,
    };
    let app = App::open(config, &|_| ()).await?;
    demo::root(&app).await?;
    let whole = import_fdp::run(&app, &wish, &mut std::io::stdout()).await?;
    Ok(verdict(whole))
}

async fn users(command: User, config: &Config) -> Result<()> {
    match command {
        User::Add {
            email,
            first_name,
            last_name,
            role,
            catalogues,
        } => {
            let new = NewUser {
                id: None,
                email,
                first_name,
                last_name,
                role,
                catalogues,
                password: Some(user::password()?),
            };
            let user = user::add(config, new).await?;
            say(&format!("{}\n", user.id));
        }
        User::List => {
            for user in user::list(config).await? {
                let (id, role, email) = (&user.id, &user.role, &user.email);
                say(&format!(
                    "{id}\t{role}\t{email}\t{}\n",
                    user.catalogues.join(" ")
                ));
            }
        }
        User::Password { email } => user::set_password(config, &email, user::password()?).await?,
        User::Remove { email } => user::remove(config, &email).await?,
    }
    Ok(())
}

fn verdict(all_fit: bool) -> ExitCode {
    if all_fit {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(DOES_NOT_FIT)
    }
}

async fn tokens(command: Token, config: &Config) -> Result<()> {
    match command {
        Token::New {
            name,
            role,
            catalogues,
            days,
        } => {
            let secret = token::new(config, name, role, catalogues, days).await?;
            complain("Keep this token: it is shown only now.\n");
            say(&format!("{secret}\n"));
        }
        Token::List => {
            for token in token::list(config).await? {
                let expires = token
                    .expires_at
                    .map_or("never".to_owned(), |at| at.to_string());
                let state = if token.revoked_at.is_some() {
                    "revoked"
                } else {
                    "valid"
                };
                let (id, name, role) = (&token.id.0, &token.name, &token.role);
                say(&format!("{id}\t{role}\t{state}\tends {expires}\t{name}\n"));
            }
        }
        Token::Revoke { id } => {
            let found = token::revoke(config, &id).await?;
            anyhow::ensure!(found, "there is no token {id}");
        }
    }
    Ok(())
}

async fn audited(command: Audit, config: &Config) -> Result<ExitCode> {
    match command {
        Audit::Verify { from } => match audit::verify(config, from).await? {
            Verdict::Whole { events, head } => {
                complain(&format!(
                    "{events} events are as they were written; the end is\n"
                ));
                say(&format!("{head}\n"));
            }
            Verdict::Broken { number, flaw } => {
                complain(&format!(
                    "event {number} is the first that is broken: {flaw}\n"
                ));
                return Ok(ExitCode::from(DOES_NOT_FIT));
            }
        },
        Audit::Export { file, after } => {
            let mut out = output(file)?;
            let written = audit::export(config, after, &mut out).await?;
            complain(&format!("{written} events\n"));
        }
        Audit::Prune { days } => {
            let gone = audit::prune(config, days).await?;
            complain(&format!("{gone} events were forgotten\n"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn output(file: Option<PathBuf>) -> Result<Box<dyn Write + Send>> {
    const BUFFER_BYTES: usize = 1 << 20;
    Ok(match file {
        Some(path) => {
            let file = std::fs::File::create(&path).with_context(|| path.display().to_string())?;
            Box::new(std::io::BufWriter::with_capacity(BUFFER_BYTES, file))
        }
        None => Box::new(std::io::BufWriter::with_capacity(
            BUFFER_BYTES,
            std::io::stdout(),
        )),
    })
}

/// A progress bar, where somebody looks.
fn bar(what: &'static str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {human_pos} records, {per_sec}, {elapsed}");
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

/// Writes to standard output. A reader that went away is no reason to fail.
fn say(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Writes to standard error.
fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
