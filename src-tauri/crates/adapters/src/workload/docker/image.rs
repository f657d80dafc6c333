//! Which image it is: found here or pulled, and held against the digest that was pinned.

use std::time::Duration;

use bollard::{models::ImageInspect, query_parameters::CreateImageOptions};
use futures_util::StreamExt;
use gantry_model::platform::Template;
use gantry_port::fault::{Fault, FaultKind};

use super::session::{Session, is_missing};

/// A pull that shows no progress for this long has died.
const SILENCE: Duration = Duration::from_secs(60);

/// An image that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    /// The id under which this daemon has it; containers carry it.
    pub(super) id: String,
    /// What was pinned: the registry's digest if it came from there, else the id.
    pub(super) digest: String,
}

/// Finds or pulls the image of a template. A pinned digest is found even after its tag has moved,
/// and no other image ever stands in for it.
pub(super) async fn resolve(session: &Session, template: &Template) -> Result<Image, Fault> {
    let reference = Reference::of(&template.image);
    let here = inspect(session, &template.image).await?;
    match (&template.digest, here) {
        (None, Some(image)) => identify(session, &reference, &image),
        (None, None) => {
            pull(session, &reference, reference.tag_or_latest()).await?;
            let image = must_inspect(session, &template.image).await?;
            identify(session, &reference, &image)
        }
        (Some(digest), here) => pinned(session, &reference, digest, here).await,
    }
}

async fn pinned(
    session: &Session,
    reference: &Reference<'_>,
    digest: &str,
    here: Option<ImageInspect>,
) -> Result<Image, Fault> {
    let by_digest = format!("{}@{digest}", reference.repository);
    let mut seen = here;
    for name in [digest, &by_digest] {
        if let Some(image) = seen.as_ref().and_then(|image| matching(image, digest)) {
            return Ok(image);
        }
        seen = inspect(session, name).await?.or(seen);
    }
    if let Some(image) = seen.as_ref().and_then(|image| matching(image, digest)) {
        return Ok(image);
    }
    // What the registry calls by this digest is right by definition; a tag has to prove it.
    let unknown = pull(session, reference, digest).await.err();
    if unknown.is_some() && seen.is_none() {
        pull(session, reference, reference.tag_or_latest()).await?;
    }
    let name = if unknown.is_none() {
        &by_digest
    } else {
        reference.whole
    };
    let image = must_inspect(session, name).await?;
    matching(&image, digest).ok_or_else(|| another(reference, digest, &image))
}

fn another(reference: &Reference<'_>, digest: &str, image: &ImageInspect) -> Fault {
    let now = image.id.as_deref().unwrap_or("something else");
    Fault::new(
        FaultKind::Refused,
        format!(
            "image {} is {now} now, and {digest} was pinned and voted on; \
             make a new release for another image",
            reference.whole
        ),
    )
}

fn matching(image: &ImageInspect, digest: &str) -> Option<Image> {
    let id = image.id.clone()?;
    let digests = image.repo_digests.iter().flatten();
    let known = digests.filter_map(|one| one.split_once('@'));
    let same = id == digest || known.into_iter().any(|(_, one)| one == digest);
    same.then(|| Image {
        id,
        digest: digest.to_owned(),
    })
}

/// Gives what a new pin shall say of an image.
fn identify(
    session: &Session,
    reference: &Reference<'_>,
    image: &ImageInspect,
) -> Result<Image, Fault> {
    let Some(id) = image.id.clone() else {
        let what = format!("inspecting image {}", reference.whole);
        return Err(session.unreadable(&what, "id"));
    };
    let digests = image.repo_digests.iter().flatten();
    let of_repository = digests
        .filter_map(|one| one.split_once('@'))
        .find(|(repository, _)| *repository == reference.repository);
    let digest = of_repository.map_or_else(|| id.clone(), |(_, digest)| digest.to_owned());
    Ok(Image { id, digest })
}

async fn inspect(session: &Session, name: &str) -> Result<Option<ImageInspect>, Fault> {
    match session.daemon().inspect_image(name).await {
        Ok(image) => Ok(Some(image)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(session.fault(&format!("inspecting image {name}"), &error)),
    }
}

async fn must_inspect(session: &Session, name: &str) -> Result<ImageInspect, Fault> {
    let image = inspect(session, name).await?;
    image
        .ok_or_else(|| Fault::refused(format!("image {name} is not here even after it was pulled")))
}

async fn pull(session: &Session, reference: &Reference<'_>, tag: &str) -> Result<(), Fault> {
    let what = format!("pulling image {} ({tag})", reference.repository);
    let options = CreateImageOptions {
        from_image: Some(reference.repository.to_owned()),
        tag: Some(tag.to_owned()),
        ..Default::default()
    };
    let mut progress = session.daemon().create_image(Some(options), None, None);
    loop {
        match tokio::time::timeout(SILENCE, progress.next()).await {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(error))) => return Err(session.fault(&what, &error)),
            Err(_) => return Err(session.overdue(&what, SILENCE)),
        }
    }
}

/// An image reference taken apart.
struct Reference<'a> {
    whole: &'a str,
    repository: &'a str,
    tag: Option<&'a str>,
}

impl<'a> Reference<'a> {
    fn of(whole: &'a str) -> Self {
        if let Some((repository, digest)) = whole.split_once('@') {
            return Self {
                whole,
                repository,
                tag: Some(digest),
            };
        }
        let (repository, tag) = match whole.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
            Some(_) | None => (whole, None),
        };
        Self {
            whole,
            repository,
            tag,
        }
    }

    /// Gives the tag to pull: without one the daemon would pull all there are.
    fn tag_or_latest(&self) -> &'a str {
        self.tag.unwrap_or("latest")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_taken_apart() {
        let parts = |whole| {
            let reference = Reference::of(whole);
            (reference.repository, reference.tag)
        };
        assert_eq!(parts("shop/orders:2.4"), ("shop/orders", Some("2.4")));
        assert_eq!(parts("r:5000/orders"), ("r:5000/orders", None));
        assert_eq!(parts("r:5000/o@sha256:ab"), ("r:5000/o", Some("sha256:ab")));
    }

    #[test]
    fn an_image_matches_by_id_or_by_any_registry_s_digest() {
        let image = ImageInspect {
            id: Some("sha256:id".into()),
            repo_digests: Some(vec!["r/orders@sha256:there".into()]),
            ..Default::default()
        };
        assert!(matching(&image, "sha256:id").is_some());
        assert!(matching(&image, "sha256:there").is_some());
        assert!(matching(&image, "sha256:else").is_none());
    }
}
