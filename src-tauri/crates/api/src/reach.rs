//! What a release may reach: shown to a person before its first run, and kept in the record.

use std::collections::BTreeSet;

use gantry_model::{
    plan::{Plan, PlannedNode},
    release::{
        check::{Check, Health},
        connection::Connection,
        task::{Task, UndoTask},
    },
    secret::SecretText,
};

/// Lists programs, hosts, files and secrets by name, sorted; never a secret's value.
pub fn of(plan: &Plan) -> Vec<String> {
    let mut reach = BTreeSet::new();
    for (name, connection) in &plan.connections {
        reach.insert(format!("connection {name}: {}", place(connection)));
        secrets(&mut reach, texts(connection));
    }
    for node in &plan.nodes {
        of_node(&mut reach, node);
    }
    for check in plan
        .success
        .iter()
        .filter_map(|criterion| criterion.check.as_ref())
    {
        reach.extend(of_check(check));
    }
    reach.extend(plan.files.keys().map(|file| format!("file {file}")));
    reach.into_iter().collect()
}

/// Lists what one check may reach.
pub(crate) fn of_check(check: &Check) -> Vec<String> {
    let program = check.exec.as_ref().map(|argv| program(argv));
    let url = check.http.as_ref().and_then(|http| http.url.as_ref());
    let call = url.map(|url| format!("GET {url}"));
    let metric = check.metric.as_ref().map(|name| format!("metric {name}"));
    let address = check.tcp.as_ref().and_then(|tcp| tcp.address.as_ref());
    let address = address.map(|address| format!("tcp {address}"));
    let found = program.into_iter().chain(call).chain(metric).chain(address);
    found.chain(of_question(check)).collect()
}

/// Lists what an item asks for beyond health; connections stand in the list by themselves.
fn of_question(check: &Check) -> Vec<String> {
    let mut reach = Vec::new();
    if let Some(sql) = &check.sql {
        reach.push(format!("connection {}: {}", sql.connection, sql.query));
    }
    if let Some(ci) = &check.ci {
        let (connection, repository) = (&ci.connection, &ci.repository);
        reach.push(format!("connection {connection}: checks of {repository}"));
    }
    if let Some(alerts) = &check.alerts {
        reach.push(format!("connection {}: alerts", alerts.connection));
    }
    if let Some(backup) = &check.backup {
        reach.extend(backup.exec.as_ref().map(|argv| program(argv)));
        reach.extend(backup.url.as_ref().map(|url| format!("GET {url}")));
        reach.extend(backup.file.as_ref().map(|file| format!("file {file}")));
    }
    // What was rehearsed and released before stands in the workspace itself.
    reach
}

fn of_node(reach: &mut BTreeSet<String>, node: &PlannedNode) {
    if let Some(task) = &node.run {
        of_task(reach, task);
    }
    if let Some(argv) = node
        .health
        .as_ref()
        .and_then(|health: &Health| health.exec.as_ref())
    {
        reach.insert(program(argv));
    }
    if let Some(workload) = &node.workload {
        reach.insert(format!("image {}", workload.image));
        secrets(reach, workload.env.values());
    }
}

fn of_task(reach: &mut BTreeSet<String>, task: &Task) {
    let undo_argv = match &task.undo {
        Some(UndoTask::Exec(argv)) => Some(argv),
        Some(UndoTask::Manual(_) | UndoTask::Http(_)) | None => None,
    };
    let undo_call = match &task.undo {
        Some(UndoTask::Http(call)) => Some(call),
        Some(UndoTask::Manual(_) | UndoTask::Exec(_)) | None => None,
    };
    reach.extend(task.exec.iter().chain(undo_argv).map(|argv| program(argv)));
    for call in task.http.iter().chain(undo_call) {
        reach.insert(format!("{} {}", call.method, call.url.as_str()));
        secrets(
            reach,
            call.headers.values().chain([&call.url]).chain(&call.body),
        );
    }
    secrets(reach, task.env.values());
}

fn program(argv: &[String]) -> String {
    format!("program {}", argv.join(" "))
}

fn secrets<'a>(reach: &mut BTreeSet<String>, texts: impl IntoIterator<Item = &'a SecretText>) {
    for text in texts {
        reach.extend(text.names().iter().map(|name| format!("secret {name}")));
    }
}

/// Says where a connection leads, with its secrets unresolved.
fn place(connection: &Connection) -> String {
    let product = connection.product();
    let place = match connection {
        Connection::Docker(docker) => docker
            .host
            .as_deref()
            .unwrap_or("DOCKER_HOST or this machine"),
        Connection::Haproxy(haproxy) => &haproxy.socket,
        Connection::Prometheus(metrics) | Connection::VictoriaMetrics(metrics) => {
            metrics.url.as_str()
        }
        Connection::JsonHttp(json) => json.url.as_str(),
        Connection::Datadog(datadog) => match &datadog.url {
            Some(url) => url.as_str(),
            None => &datadog.site,
        },
        Connection::CloudWatch(cloudwatch) => match &cloudwatch.url {
            Some(url) => url.as_str(),
            None => &cloudwatch.region,
        },
        Connection::Alertmanager(alertmanager) => alertmanager.url.as_str(),
        Connection::Unleash(unleash) => unleash.url.as_str(),
        Connection::Postgres(database) => database.url.as_str(),
        Connection::Sqlite(sqlite) => &sqlite.file,
        Connection::Github(forge) => match &forge.url {
            Some(url) => url.as_str(),
            None => "api.github.com",
        },
        Connection::Gitlab(forge) => match &forge.url {
            Some(url) => url.as_str(),
            None => "gitlab.com",
        },
        Connection::Slack(slack) => match (&slack.webhook, &slack.url) {
            (Some(address), _) | (None, Some(address)) => address.as_str(),
            (None, None) => "slack.com",
        },
        Connection::Teams(hook) => hook.webhook.as_str(),
        Connection::Discord(discord) => discord.webhook.as_str(),
        Connection::PagerDuty(pager) => match &pager.url {
            Some(url) => url.as_str(),
            None => "events.pagerduty.com",
        },
        Connection::StatusPage(page) => match &page.url {
            Some(url) => url.as_str(),
            None => "api.statuspage.io",
        },
        Connection::Matrix(matrix) => matrix.url.as_str(),
        Connection::Webhook(webhook) => webhook.webhook.as_str(),
        Connection::Smtp(smtp) => &smtp.host,
        Connection::Desktop(_) => "this machine",
        Connection::Simulated(_) => "nowhere",
    };
    format!("{product} at {place}")
}

pub(crate) fn texts(connection: &Connection) -> Vec<&SecretText> {
    match connection {
        Connection::Docker(_)
        | Connection::Haproxy(_)
        | Connection::Sqlite(_)
        | Connection::Desktop(_)
        | Connection::Simulated(_) => vec![],
        Connection::Prometheus(metrics) | Connection::VictoriaMetrics(metrics) => metrics
            .token
            .iter()
            .map(|token| token.text())
            .chain([&metrics.url])
            .chain(metrics.headers.values())
            .collect(),
        Connection::JsonHttp(json) => json
            .headers
            .values()
            .chain([&json.url])
            .chain(&json.body)
            .collect(),
        Connection::Datadog(datadog) => [&datadog.api_key, &datadog.application_key]
            .map(|key| key.text())
            .into_iter()
            .chain(&datadog.url)
            .collect(),
        Connection::CloudWatch(cloudwatch) => {
            [&cloudwatch.access_key_id, &cloudwatch.secret_access_key]
                .into_iter()
                .chain(&cloudwatch.session_token)
                .map(|key| key.text())
                .chain(&cloudwatch.url)
                .collect()
        }
        Connection::Alertmanager(alertmanager) => alertmanager
            .token
            .iter()
            .map(|token| token.text())
            .chain([&alertmanager.url])
            .chain(alertmanager.headers.values())
            .collect(),
        Connection::Unleash(unleash) => vec![&unleash.url, unleash.token.text()],
        Connection::Postgres(database) => vec![&database.url],
        Connection::Github(forge) | Connection::Gitlab(forge) => (forge.token.iter())
            .map(|token| token.text())
            .chain(&forge.url)
            .collect(),
        Connection::Slack(slack) => (slack.webhook.iter())
            .chain(slack.token.iter().map(|token| token.text()))
            .chain(&slack.url)
            .collect(),
        Connection::Teams(hook) => vec![&hook.webhook],
        Connection::Discord(discord) => vec![&discord.webhook],
        Connection::PagerDuty(pager) => [pager.routing_key.text()]
            .into_iter()
            .chain(&pager.url)
            .collect(),
        Connection::StatusPage(page) => [page.token.text()].into_iter().chain(&page.url).collect(),
        Connection::Matrix(matrix) => vec![&matrix.url, matrix.token.text()],
        Connection::Webhook(webhook) => [&webhook.webhook]
            .into_iter()
            .chain(webhook.secret.iter().map(|secret| secret.text()))
            .collect(),
        Connection::Smtp(smtp) => smtp
            .password
            .iter()
            .map(|password| password.text())
            .collect(),
    }
}
