//! Works out what exactly is run: executable, arguments, environment, and what must be redacted.

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    path::Path,
    time::Duration,
};

use gantry_model::{id::SecretName, secret::Secret};
use gantry_port::{
    fault::Fault,
    ports::Call,
    secret::{Secrets, variable},
    task::Program,
};
use gantry_shim::spec::Spec;

use super::locate::locate;

/// What a program gets of the driver's environment.
const ALLOWED: [&str; 4] = ["PATH", "HOME", "LANG", "TZ"];
/// Where programs are looked up if nothing says it.
pub(super) const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// How long a program has between the request to end and the end.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// How much of the end of each output is kept.
const OUTPUT_CAP: usize = 64 << 10;

/// Everything that a spec is made of.
pub(super) struct Preparation<'a> {
    pub(super) call: &'a Call,
    pub(super) program: &'a Program,
    pub(super) inherited: &'a BTreeMap<String, String>,
    pub(super) secrets: &'a dyn Secrets,
}

type Values = BTreeMap<SecretName, Secret<String>>;

impl Preparation<'_> {
    /// Gives the spec; nothing was touched if this fails.
    pub(super) async fn spec(&self, task: &Path) -> Result<Spec, Fault> {
        let program = self.program;
        let values = self.values().await?;
        let environment = self.environment(&values);
        self.check(&environment)?;
        let path = environment.get("PATH").map_or(DEFAULT_PATH, String::as_str);
        let directory = std::path::absolute(&program.folder)
            .map_err(|error| Fault::unsent(format!("`{}`: {error}", program.folder)))?;
        let name = program.argv.first().map_or("", String::as_str);
        Ok(Spec {
            task: task.to_owned(),
            key: self.call.key.to_string(),
            program: locate(name, &directory, path).map_err(Fault::unsent)?,
            argv: program.argv.iter().map(Into::into).collect(),
            directory,
            environment: environment
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            timeout: program.timeout.as_duration(),
            grace: GRACE,
            output_cap: OUTPUT_CAP,
            secrets: values
                .into_values()
                .map(|value| value.expose().as_bytes().to_vec())
                .collect(),
        })
    }

    async fn values(&self) -> Result<Values, Fault> {
        let referred = self.program.env.iter().flat_map(|(_, text)| text.names());
        let names: BTreeSet<_> = referred.chain(&self.program.secrets).collect();
        let mut values = Values::new();
        for name in names {
            let value = self.secrets.get(name).await;
            let value = value.map_err(|missing| Fault::unsent(missing.to_string()))?;
            values.insert(name.clone(), value);
        }
        Ok(values)
    }

    /// Later names replace earlier ones: what the release file says replaces what is inherited,
    /// and nothing replaces what Gantry says about itself.
    fn environment(&self, values: &Values) -> BTreeMap<String, String> {
        let value_of = |name: &SecretName| values.get(name).cloned();
        let inherited = ALLOWED.into_iter().filter_map(|name| {
            let value = self.inherited.get(name)?;
            Some((name.to_owned(), value.clone()))
        });
        let own = self.program.env.iter().map(|(name, text)| {
            let Ok(value) = text.resolve(|name| {
                Ok::<_, Infallible>(value_of(name).unwrap_or_else(|| Secret::new(String::new())))
            });
            (name.clone(), value.expose().clone())
        });
        let secrets = self.program.secrets.iter().filter_map(|name| {
            let value = value_of(name)?.expose().clone();
            Some((variable(name), value))
        });
        inherited
            .chain(own)
            .chain(secrets)
            .chain(self.identity())
            .collect()
    }

    fn identity(&self) -> [(String, String); 3] {
        let call = self.call;
        [
            ("GANTRY_RELEASE".into(), call.release().to_string()),
            ("GANTRY_KEY".into(), call.key.to_string()),
            ("GANTRY_DIRECTION".into(), call.direction.word().into()),
        ]
    }

    /// Refuses what no process can be given. A value is never shown: it may be a secret.
    fn check(&self, environment: &BTreeMap<String, String>) -> Result<(), Fault> {
        if self.program.argv.iter().any(|text| text.contains('\0')) {
            return Err(Fault::unsent("an argument holds a NUL character"));
        }
        for (name, value) in environment {
            if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
                return Err(Fault::unsent(format!(
                    "the environment variable `{}` has a name or value that no program can be given",
                    name.escape_debug()
                )));
            }
        }
        Ok(())
    }
}
