use std::path::Path;

use ring::signature::{ED25519, UnparsedPublicKey};

use super::*;

fn signer(folder: &Path) -> LocalSigner {
    LocalSigner::new(&Settings {
        workspace: folder.join("gantry.db"),
        executable: "gantry".into(),
        environment: [(VARIABLE.to_owned(), "files".to_owned())].into(),
    })
}

#[tokio::test]
async fn a_name_keeps_its_key_over_processes_and_its_file_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let first = signer(folder.path()).key("ann").await.unwrap();
    let again = signer(folder.path());
    assert_eq!(again.key("ann").await.unwrap(), first);
    assert_ne!(again.key("bob").await.unwrap().public, first.public);
    assert!(first.caution.unwrap().contains("no keychain"));
    let signature = again.sign("ann", b"go").await.unwrap();
    let public = UnparsedPublicKey::new(&ED25519, first.public);
    assert!(public.verify(b"go", &signature).is_ok());
    assert!(public.verify(b"no-go", &signature).is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    signer(folder.path()).key("ann").await.unwrap();
    let file = folder.path().join("gantry.db.keys/ann.key");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refusal = signer(folder.path()).key("ann").await.unwrap_err();
    assert!(
        refusal.to_string().contains("others can read it"),
        "{refusal}"
    );
}

#[test]
fn no_name_leaves_the_folder() {
    for name in ["../../etc/passwd", "", ".", "a/b", "dana\0", "Zoë"] {
        let file = file::path(Path::new("/keys"), name);
        assert_eq!(file.parent(), Some(Path::new("/keys")), "{name}");
        assert!(
            file.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .ends_with(".name.key"),
            "{name}"
        );
    }
}
