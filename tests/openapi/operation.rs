//! What the document says of one route beside what follows from the route table.

use http::Method;
use rolecall::api::problem::Code;
use rolecall::api::route::{Endpoint, ROUTES};
use schemars::{JsonSchema, SchemaGenerator};

use crate::shape::Shape;

/// The body of a request.
#[derive(Clone, Copy)]
pub(crate) struct Body {
    pub(crate) shape: Shape,
    /// May be left out.
    pub(crate) is_optional: bool,
    /// Members of the shape that this route needs, each with those of its own that it needs.
    pub(crate) needs: &'static [(&'static str, &'static [&'static str])],
    /// Other media types that it may have.
    pub(crate) files: &'static [&'static str],
    /// A form, not JSON.
    pub(crate) is_form: bool,
    /// One that does something, as JSON; empty for none.
    pub(crate) example: &'static str,
}

/// An answer that isn't a problem.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) shape: Option<Shape>,
    /// Names of components beside those that each answer has.
    pub(crate) headers: Vec<&'static str>,
    /// Other media types that it may have.
    pub(crate) files: &'static [&'static str],
}

/// One row of the table.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) endpoint: Endpoint,
    pub(crate) summary: &'static str,
    pub(crate) tag: &'static str,
    /// Names of components.
    pub(crate) query: &'static [&'static str],
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer>,
    /// The problems of this route alone.
    pub(crate) problems: &'static [Code],
}

/// A row for an endpoint, yet without answers.
pub(crate) fn route(endpoint: Endpoint, summary: &'static str) -> Operation {
    Operation { endpoint, summary, tag: "", query: &[], body: None, answers: Vec::new(), problems: &[] }
}

/// Rows of one section.
pub(crate) fn section<const N: usize>(tag: &'static str, rows: [Operation; N]) -> Vec<Operation> {
    rows.into_iter().map(|row| Operation { tag, ..row }).collect()
}

impl Operation {
    /// Takes these parameters in the query.
    pub(crate) fn query(self, query: &'static [&'static str]) -> Self {
        Self { query, ..self }
    }

    /// Takes a body of this shape.
    pub(crate) fn body<T: JsonSchema>(self) -> Self {
        let body = Body {
            shape: SchemaGenerator::subschema_for::<T>,
            is_optional: false,
            needs: &[],
            files: &[],
            is_form: false,
            example: "",
        };
        Self { body: Some(body), ..self }
    }

    /// Takes a body of this shape, or none.
    pub(crate) fn optional_body<T: JsonSchema>(self) -> Self {
        let body = self.body::<T>();
        Self { body: body.body.map(|body| Body { is_optional: true, ..body }), ..body }
    }

    /// Takes a form with these fields.
    pub(crate) fn form<T: JsonSchema>(self) -> Self {
        let body = self.body::<T>();
        Self { body: body.body.map(|body| Body { is_form: true, ..body }), ..body }
    }

    /// Needs these members of the body.
    pub(crate) fn needing(self, needs: &'static [(&'static str, &'static [&'static str])]) -> Self {
        Self { body: self.body.map(|body| Body { needs, ..body }), ..self }
    }

    /// Takes a file of these media types instead of the body.
    pub(crate) fn or_file(self, files: &'static [&'static str]) -> Self {
        Self { body: self.body.map(|body| Body { files, ..body }), ..self }
    }

    /// Shows this body.
    pub(crate) fn example(self, example: &'static str) -> Self {
        Self { body: self.body.map(|body| Body { example, ..body }), ..self }
    }

    /// Answers this shape.
    pub(crate) fn answers<T: JsonSchema>(self, status: u16) -> Self {
        self.with(status, Some(SchemaGenerator::subschema_for::<T>))
    }

    /// Answers without a body.
    pub(crate) fn answers_nothing(self, status: u16) -> Self {
        self.with(status, None)
    }

    fn with(mut self, status: u16, shape: Option<Shape>) -> Self {
        self.answers.push(Answer { status, shape, headers: Vec::new(), files: &[] });
        self
    }

    /// Its answers have these headers.
    pub(crate) fn headers(mut self, names: &[&'static str]) -> Self {
        self.answers.iter_mut().for_each(|answer| answer.headers.extend(names));
        self
    }

    /// Its answers have a tag: a read may answer 304.
    pub(crate) fn tagged(self) -> Self {
        self.headers(&["ETag"])
    }

    /// Its answers tell the version of the workspace.
    pub(crate) fn versioned(self) -> Self {
        self.headers(&["X-Rolecall-Version"])
    }

    /// Its answers may be files of these media types instead.
    pub(crate) fn files(mut self, files: &'static [&'static str]) -> Self {
        self.answers.iter_mut().for_each(|answer| answer.files = files);
        self
    }

    /// Has problems of its own.
    pub(crate) fn problems(self, problems: &'static [Code]) -> Self {
        Self { problems, ..self }
    }

    /// The row of the route table.
    pub(crate) fn row(&self) -> (&'static Method, &'static str) {
        let row = ROUTES.iter().find(|(.., endpoint)| *endpoint == self.endpoint);
        row.map(|(method, path, _)| (method, *path)).unwrap()
    }

    /// The name of the endpoint, in the case of JavaScript.
    pub(crate) fn id(&self) -> String {
        let name = format!("{:?}", self.endpoint);
        name[..1].to_lowercase() + &name[1..]
    }

    pub(crate) fn is_read(&self) -> bool {
        *self.row().0 == Method::GET
    }

    /// Speaks AuthZEN, where each wrong body is a 400.
    pub(crate) fn is_authzen(&self) -> bool {
        self.row().1.starts_with("/access/v1/")
    }

    /// Changes something of a workspace, and may be asked to do so on one state of it alone.
    pub(crate) fn takes_if_match(&self) -> bool {
        self.takes_dry_run() || self.endpoint == Endpoint::DeleteWorkspace
    }

    pub(crate) fn takes_dry_run(&self) -> bool {
        !self.is_read() && self.endpoint.takes_dry_run()
    }

    pub(crate) fn takes_if_none_match(&self) -> bool {
        self.is_read() && self.answers.iter().any(|answer| answer.headers.contains(&"ETag"))
    }

    pub(crate) fn is_list(&self) -> bool {
        self.query.contains(&"cursor")
    }
}
