//! Calls: which function, how many arguments, of which types, and whether the module may call it.

use alas_library::{Builtin, Pattern, Signature};
use alas_syntax::{Code, Expression as Written, ExpressionKind as WrittenKind, Literal, Name, NodeId};

use crate::convert::{self, Fit, Role, conversion_help};
use crate::function::FunctionChecker;
use crate::modules::{STANDARD, Target, Unresolved, find};
use crate::{
    Callee, Expression, ExpressionKind, FunctionInterface, FunctionReference, Type, builtin, suggest,
    unresolved,
};
use alas_syntax::{Explanation, clip};

/// A call as it is written.
pub(crate) struct Call<'m> {
    /// The expression.
    pub(crate) node: NodeId,
    /// The module, if the call names it apart from the function.
    pub(crate) module: Option<&'m Name>,
    /// The function.
    pub(crate) name: &'m Name,
    /// Whether the name is that of a `builtin`.
    pub(crate) builtin: bool,
    arguments: &'m [Written],
}

impl<'m> Call<'m> {
    fn of(written: &'m Written) -> Option<Self> {
        let (module, name, builtin, arguments) = match &written.kind {
            WrittenKind::Call { name, arguments } => (None, name, false, arguments),
            WrittenKind::ModuleCall { module, name, arguments } => (Some(module), name, false, arguments),
            WrittenKind::Builtin { name, arguments } => (None, name, true, arguments),
            _ => return None,
        };
        Some(Self { node: written.node, module, name, builtin, arguments })
    }

    /// The function as the call names it.
    pub(crate) fn shown(&self) -> String {
        match self.module {
            Some(module) => format!("{}.{}", clip(&module.text), clip(&self.name.text)),
            None => clip(&self.name.text),
        }
    }
}

impl<'m> FunctionChecker<'_, 'm> {
    /// Checks a `call`, `module_call` or `builtin`.
    pub(crate) fn any_call(&mut self, written: &'m Written) -> (Type, ExpressionKind) {
        let Some(call) = Call::of(written) else {
            unreachable!("only the three kinds of calls come here");
        };
        let target = match (call.module, call.builtin) {
            (Some(module), _) => self.scope.module_call(&module.text, &call.name.text),
            (None, true) => self.scope.builtin(&call.name.text),
            (None, false) => self.scope.call(&call.name.text),
        };
        let arguments: Vec<Expression> =
            call.arguments.iter().map(|argument| self.expression(argument)).collect();
        match target {
            Ok(Target::Standard(builtin)) => {
                self.standard_allowed(&call, builtin);
                self.standard(&call, builtin, arguments)
            }
            Ok(target) => {
                if let Target::Other(interface, _, function) = target {
                    self.allowed(&call, &interface.name, &function.name);
                }
                match (self.called.reference(&target), target.declaration()) {
                    (Some(reference), Some(declared)) => {
                        self.declared_call(&call, reference, declared, arguments)
                    }
                    _ => crate::expression::failed(),
                }
            }
            Err(reason) => {
                unresolved::report(&call, reason, self.scope, self.findings);
                crate::expression::failed()
            }
        }
    }

    /// Reports the use of a standard function that the module's manifest does not permit.
    fn standard_allowed(&mut self, call: &Call<'m>, builtin: Builtin) {
        for capability in self.permissions.missing_capabilities(builtin) {
            let path = self.path(call);
            self.findings.report(Code::CapabilityMissing, call.name.node, || {
                let message = format!("the capability `{capability}` is needed and not declared: {path}");
                Explanation::new(message)
                    .help(format!("add \"{capability}\" to the manifest's `capabilities`"))
            });
        }
        if self.permissions.restricts_apis() {
            let (namespace, function) = builtin.row().name.split_once('.').unwrap_or_default();
            self.allowed(call, &format!("{STANDARD}{namespace}"), function);
        }
    }

    /// Reports the use of a function that is not among the allowed ones.
    fn allowed(&mut self, call: &Call<'m>, module: &str, function: &str) {
        if !self.permissions.allows(module, function) {
            let path = self.path(call);
            self.findings.report(Code::ApiNotAllowed, call.name.node, || {
                let message =
                    format!("the manifest's `allowed_apis` do not allow `{module}.{function}`: {path}");
                let help = format!("add \"{module}\" or \"{module}.{function}\" to `security.allowed_apis`");
                Explanation::new(message).help(help)
            });
        }
    }

    /// Who calls what.
    fn path(&self, call: &Call<'m>) -> String {
        format!("{}.{} → {}", self.scope.interface.name, self.declared.name, call.shown())
    }

    /// A call of a function that is written in the language, which declares the types of its parameters.
    fn declared_call(
        &mut self,
        call: &Call<'m>,
        reference: FunctionReference,
        declared: &'m FunctionInterface,
        arguments: Vec<Expression>,
    ) -> (Type, ExpressionKind) {
        let result = declared.result(reference.module.is_some());
        if !declared.has_all_parameters {
            return (result, ExpressionKind::Call(reference, arguments));
        }
        let names = declared.parameters.iter().map(|parameter| &*parameter.name);
        self.count(call, arguments.len(), (names.len(), names.len()), names);
        let mut parameters = declared.parameters.iter();
        let arguments = arguments
            .into_iter()
            .map(|argument| match parameters.next() {
                Some(parameter) => {
                    let role = Role::Parameter(&declared.name, &parameter.name);
                    self.coerce(argument, &parameter.kind, &role)
                }
                None => argument,
            })
            .collect();
        (result, ExpressionKind::Call(reference, arguments))
    }

    /// A call of a standard function, which checks at run time what is not known here.
    fn standard(
        &mut self,
        call: &Call<'m>,
        called: Builtin,
        arguments: Vec<Expression>,
    ) -> (Type, ExpressionKind) {
        let signature = called.signature();
        let names = signature.parameters.iter().map(|parameter| parameter.name);
        self.count(call, arguments.len(), (signature.required(), names.len()), names);
        let first = arguments.first().map(|argument| &argument.kind);
        for (parameter, argument) in signature.parameters.iter().zip(&arguments) {
            let pattern = builtin::resolved(&parameter.pattern, first);
            self.accepted(argument, pattern, &Role::Parameter(called.row().name, parameter.name));
        }
        let callees = self.callees(signature, &arguments);
        let kinds: Vec<Type> = arguments.iter().map(|argument| argument.kind.clone()).collect();
        let returned = builtin::returned(self.scope, signature, call.arguments);
        let kind = builtin::result(signature, &kinds, returned, self.shapes);
        (kind, ExpressionKind::Builtin(called, callees, arguments))
    }

    /// Reports an argument that is never of the kind that a standard function takes; in a literal, the
    /// element.
    fn accepted(&mut self, argument: &Expression, pattern: &Pattern, role: &Role<'_>) {
        if let (ExpressionKind::Array(elements), Pattern::Array(element)) = (&argument.value, pattern) {
            let role = Role::Elements(role);
            for argument in elements {
                self.accepted(argument, element, &role);
            }
            if **element == Pattern::Ordered
                && let Some((position, pattern)) =
                    builtin::out_of_order(elements.iter().map(|element| &element.kind))
            {
                self.accepted(&elements[position], &pattern, &role);
            }
        } else if !builtin::accepts(pattern, &argument.kind, self.shapes) {
            let found = self.describe(argument);
            self.findings.report(Code::TypeMismatch, argument.node, || {
                let message = format!("expected {} for {role}, found {found}", builtin::describe(pattern));
                let wanted = match pattern {
                    Pattern::Int => Some(Type::Int),
                    Pattern::Float | Pattern::Number => Some(Type::Float),
                    Pattern::String | Pattern::Key => Some(Type::String),
                    Pattern::Bool => Some(Type::Bool),
                    _ => None,
                };
                Explanation::new(message)
                    .maybe_help(wanted.and_then(|wanted| conversion_help(&argument.kind, &wanted)))
            });
        }
    }

    fn count<'n>(
        &mut self,
        call: &Call<'m>,
        found: usize,
        (least, most): (usize, usize),
        names: impl Iterator<Item = &'n str>,
    ) {
        if (least..=most).contains(&found) {
            return;
        }
        self.findings.report(Code::ArgumentCount, call.node, || {
            let expected = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let noun = if most == 1 { "argument" } else { "arguments" };
            let message = format!("`{}` takes {expected} {noun}, found {found}", call.shown());
            let help = if most == 0 {
                "it has no parameters".to_owned()
            } else {
                format!("its parameters are {}", suggest::list(names))
            };
            Explanation::new(message).help(help)
        });
    }

    /// The functions that the text arguments of a higher-order function name.
    fn callees(&mut self, signature: &Signature, arguments: &[Expression]) -> Vec<Callee> {
        let mut callees = Vec::new();
        for (index, (parameter, argument)) in signature.parameters.iter().zip(arguments).enumerate() {
            let taken = match &parameter.pattern {
                Pattern::Function(taken) => Some(taken),
                Pattern::FunctionOfArray => None,
                _ => continue,
            };
            let ExpressionKind::Literal(Literal::String(name)) = &argument.value else {
                callees.push(Callee::Dynamic);
                continue;
            };
            let (function, declared) = match find(self.scope.interface, name) {
                Ok(found) => found,
                Err(reason) => {
                    if matches!(reason, Unresolved::Function(_)) {
                        self.unknown_callee(argument.node, name);
                    }
                    callees.push(Callee::Dynamic);
                    continue;
                }
            };
            match taken {
                _ if !declared.has_all_parameters => {}
                Some(taken) => {
                    let element = arguments.first().and_then(|array| element_of(&array.kind));
                    self.callee_of_elements(argument.node, declared, (taken, element));
                }
                None => self.callee_of_array(argument.node, declared, arguments.get(index + 1)),
            }
            callees.push(Callee::Known(FunctionReference { module: None, function }));
        }
        callees
    }

    fn unknown_callee(&mut self, node: NodeId, name: &str) {
        let scope = self.scope;
        self.findings.report(Code::UnknownFunction, node, || {
            let names = scope.interface.functions.iter().map(|function| &*function.name);
            let message = format!("the module `{}` has no function `{}`", scope.interface.name, clip(name));
            Explanation::new(message).help(suggest::help(name, "functions of this module", names))
        });
    }

    /// A function that is called with the elements of an array, one by one.
    fn callee_of_elements(
        &mut self,
        node: NodeId,
        declared: &FunctionInterface,
        (taken, element): (&[Pattern], Option<&Type>),
    ) {
        if declared.parameters.len() != taken.len() {
            return self.callee_count(node, declared, taken.len());
        }
        let Some(element) = element else { return };
        let parameters = declared.parameters.iter().zip(taken);
        for (parameter, _) in parameters.filter(|(_, pattern)| **pattern == Pattern::Variable) {
            if convert::fit(element, &parameter.kind, self.shapes) == Fit::Impossible {
                self.findings.report(Code::TypeMismatch, node, || {
                    let role = Role::Parameter(&declared.name, &parameter.name);
                    let message =
                        format!("expected {} for {role}, found elements of type {element}", parameter.kind);
                    Explanation::new(message).maybe_help(conversion_help(element, &parameter.kind))
                });
            }
        }
    }

    /// A function that is called with an array of arguments, which can be checked when it is written out.
    fn callee_of_array(&mut self, node: NodeId, declared: &FunctionInterface, array: Option<&Expression>) {
        let arguments = match array.map(|array| &array.value) {
            None => &[],
            Some(ExpressionKind::Array(elements)) => elements.as_slice(),
            Some(_) => return,
        };
        if declared.parameters.len() != arguments.len() {
            return self.callee_count(node, declared, arguments.len());
        }
        for (argument, parameter) in arguments.iter().zip(&declared.parameters) {
            if convert::fit(&argument.kind, &parameter.kind, self.shapes) == Fit::Impossible {
                let role = Role::Parameter(&declared.name, &parameter.name);
                self.mismatch(argument, &parameter.kind, &role);
            }
        }
    }

    fn callee_count(&mut self, node: NodeId, declared: &FunctionInterface, passed: usize) {
        self.findings.report(Code::ArgumentCount, node, || {
            let (name, takes) = (&declared.name, declared.parameters.len());
            let noun = if passed == 1 { "argument" } else { "arguments" };
            let verb = if passed == 1 { "is" } else { "are" };
            let message = format!("{passed} {noun} {verb} passed to `{name}`, which takes {takes}");
            let names = declared.parameters.iter().map(|parameter| &*parameter.name);
            Explanation::new(message).help(format!("its parameters are {}", suggest::list(names)))
        });
    }
}

fn element_of(kind: &Type) -> Option<&Type> {
    match kind {
        Type::Array(element) => Some(element),
        _ => None,
    }
}
