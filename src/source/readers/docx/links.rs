//! Which part of the archive is the document, and which are its styles and notes.

use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

use super::package::Package;
use super::xml::{Element, Visitor, walk};

/// Names of the parts that a part points to.
#[derive(Debug, Default)]
pub(super) struct Links {
    document: Option<String>,
    pub styles: Option<String>,
    pub footnotes: Option<String>,
    pub endnotes: Option<String>,
    /// The folder at which relative targets start, with `/` at its end unless it is the root.
    folder: String,
}

/// Where the main part is, if the archive does not say.
const USUAL_PLACE: &str = "word/document.xml";

impl Links {
    /// The name of the main part: what the archive as a whole points to, else what has the type of one, else the usual name.
    pub fn main_part(package: &mut Package<'_>, options: &SourceOptions) -> Result<String, Failure> {
        for source in ["_rels/.rels", "[Content_Types].xml"] {
            let mut links = Self::default();
            if let Some(part) = package.part(source)? {
                walk(&part, options.max_depth, &mut links)?;
            }
            if let Some(name) = links.document {
                return Ok(name);
            }
        }
        match package.part(USUAL_PLACE)? {
            Some(_) => Ok(USUAL_PLACE.to_string()),
            None => Err(no_document()),
        }
    }

    /// What the main part points to.
    pub fn of_part(name: &str, package: &mut Package<'_>, options: &SourceOptions) -> Result<Self, Failure> {
        let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut links = Self { folder, ..Self::default() };
        if let Some(part) = package.part(&format!("{}_rels/{file}.rels", links.folder))? {
            walk(&part, options.max_depth, &mut links)?;
        }
        Ok(links)
    }

    /// The slot for a relationship of this type, or for a part with this content type. Types are addresses of either edition
    /// of the standard with equal ends.
    fn slot(&mut self, kind: &str) -> Option<&mut Option<String>> {
        let main = kind.ends_with(".main+xml") && kind.contains("word");
        match kind.rsplit('/').next()? {
            "officeDocument" => Some(&mut self.document),
            "styles" => Some(&mut self.styles),
            "footnotes" => Some(&mut self.footnotes),
            "endnotes" => Some(&mut self.endnotes),
            _ if main => Some(&mut self.document),
            _ => None,
        }
    }
}

impl Visitor for Links {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Failure> {
        let (kind, target) = match element.name() {
            "Relationship" => (element.attribute("Type"), element.attribute("Target")),
            "Override" => (element.attribute("ContentType"), element.attribute("PartName")),
            _ => return Ok(()),
        };
        let outside = element.attribute("TargetMode").is_some_and(|mode| mode == "External");
        if let (Some(kind), Some(target), false) = (kind, target, outside) {
            let name = resolved(&self.folder, &target);
            if let Some(slot) = self.slot(&kind) {
                slot.get_or_insert(name);
            }
        }
        Ok(())
    }
}

/// The name of a part in the archive: a target that begins with `/` starts at its root, any other at `folder`.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let folder = if target.starts_with('/') { "" } else { folder };
    let mut segments: Vec<&str> = Vec::new();
    for segment in folder.split('/').chain(target.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}

fn no_document() -> Failure {
    let message = "expected a Word document (.docx), found an archive without one; save it as .docx, or give it the ending .zip";
    Failure::new(Stage::Extract, Code::Format, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_names_in_the_archive() {
        for (folder, target, name) in [
            ("", "word/document.xml", "word/document.xml"),
            ("", "/word/document.xml", "word/document.xml"),
            ("word/", "styles.xml", "word/styles.xml"),
            ("word/", "/word/styles.xml", "word/styles.xml"),
            ("word/", "../a/./b.xml", "a/b.xml"),
            ("word/", "../../../b.xml", "b.xml"),
            ("", "word\\document.xml", "word/document.xml"),
        ] {
            assert_eq!(resolved(folder, target), name, "{folder} {target}");
        }
    }
}
