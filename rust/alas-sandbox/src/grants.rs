//! What was granted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Access;
use crate::commands::Commands;
use crate::network::Hosts;
use crate::paths::{Root, absolute};

/// How far a right reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// To everything there is.
    Everything,
    /// To these, which may be none.
    These(Vec<String>),
}

impl Default for Reach {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

/// Rights as they are written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Paths of files, and of folders with all that is in them.
    pub read: Reach,
    /// The same, to be changed.
    pub write: Reach,
    /// Commands: names, which are looked for on the search path when they are granted, or paths.
    pub run: Reach,
    /// Hosts: `example.com`, `*.example.com`, `192.0.2.1`, `[2001:db8::1]`, each for all ports or with one.
    pub network: Reach,
}

/// Rights of which one source says that they are granted: a manifest, a policy, a command line.
#[derive(Debug)]
pub struct Layer {
    asked: Asked,
    read: Paths,
    write: Paths,
    pub(crate) commands: Commands,
    network: Hosts,
}

impl PartialEq for Layer {
    /// Whether both grant the same.
    fn eq(&self, other: &Self) -> bool {
        self.asked == other.asked
    }
}

impl Eq for Layer {}

#[derive(Debug)]
enum Paths {
    Everything,
    Below(Vec<Root>),
}

impl Paths {
    fn of(reach: &Reach, working_folder: &Path) -> Self {
        match reach {
            Reach::Everything => Self::Everything,
            Reach::These(paths) => {
                let root = |path: &String| Root::granted(absolute(Path::new(path), working_folder));
                Self::Below(paths.iter().map(root).collect())
            }
        }
    }
}

impl Layer {
    /// Rights whose relative paths start from a folder. Links in the paths themselves are followed now, not later.
    #[must_use]
    pub fn of(asked: &Asked, working_folder: &Path) -> Arc<Self> {
        let paths = |reach| Paths::of(reach, working_folder);
        Arc::new(Self {
            asked: asked.clone(),
            read: paths(&asked.read),
            write: paths(&asked.write),
            commands: Commands::of(&asked.run, working_folder),
            network: Hosts::of(&asked.network),
        })
    }

    /// The hosts that it grants.
    pub(crate) fn hosts(&self) -> &Hosts {
        &self.network
    }

    fn paths(&self, access: Access) -> &Paths {
        if access == Access::Write { &self.write } else { &self.read }
    }
}

/// All rights of some code: what each of the layers grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grants {
    layers: Vec<Arc<Layer>>,
    working_folder: PathBuf,
}

impl Default for Grants {
    /// Nothing at all.
    fn default() -> Self {
        let folder = Path::new("/");
        Self::of(vec![Layer::of(&Asked::default(), folder)], folder)
    }
}

/// Whereby a path is reached.
pub(crate) enum Way<'g> {
    /// All paths are granted.
    Freely,
    /// This root, which is what was granted of all that lies above the path.
    Below(&'g Root),
}

impl Grants {
    /// What all layers grant. Relative paths start from the folder.
    ///
    /// # Panics
    ///
    /// Without a layer, which would grant everything.
    #[must_use]
    pub fn of(layers: Vec<Arc<Layer>>, working_folder: &Path) -> Self {
        assert!(!layers.is_empty(), "rights come from somewhere");
        Self { layers, working_folder: working_folder.to_owned() }
    }

    pub(crate) fn working_folder(&self) -> &Path {
        &self.working_folder
    }

    /// Where the rights come from; each of them has to grant what is done.
    pub(crate) fn layers(&self) -> &[Arc<Layer>] {
        &self.layers
    }

    /// The absolute form of a path.
    pub(crate) fn absolute(&self, path: &str) -> PathBuf {
        absolute(Path::new(path), &self.working_folder)
    }

    /// By which of the roots above a path it is reached: the lowest of all layers, since what is below that is below all.
    pub(crate) fn way(&self, access: Access, path: &Path) -> Option<Way<'_>> {
        let mut way = Way::Freely;
        for layer in &self.layers {
            let Paths::Below(roots) = layer.paths(access) else { continue };
            let above = roots.iter().filter(|root| path.starts_with(&root.path));
            let lowest = above.max_by_key(|root| root.path.components().count())?;
            way = match way {
                Way::Below(root) if root.path.starts_with(&lowest.path) => Way::Below(root),
                _ => Way::Below(lowest),
            };
        }
        Some(way)
    }
}
