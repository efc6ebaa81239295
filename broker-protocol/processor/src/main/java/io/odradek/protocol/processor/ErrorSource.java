package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldType.Array;
import io.odradek.protocol.processor.FieldType.Structure;
import io.odradek.protocol.processor.MirroredValue.Holder;
import io.odradek.protocol.processor.VersionRange.Coverage;
import java.util.List;
import java.util.StringJoiner;

/**
 * The methods of a response's codec that make an error answer to a request: every {@code ErrorCode} is the error, every
 * {@code errorMessage} the message, what is mirrored comes from the request, and all else has its default.
 */
final class ErrorSource {
    private static final String PARAMETERS = ", short version, ErrorCode error, String message) {";

    private final MessageDeclaration response;
    private final Holder request;
    private final SourceText body;

    ErrorSource(MessageDeclaration response, MessageDeclaration request, SourceText body) {
        this.response = response;
        this.request = new Holder(new Structure(request.root()), "request", response.versions(), null);
        this.body = body;
    }

    void methods() throws DeclarationException {
        StructDeclaration root = response.root();
        body.line("/**");
        body.line(" * {@return the answer that says this error of all that the request asked for}");
        body.line(" *");
        body.line(" * @param request null if it could not be read: then there are no elements to say it of");
        body.line(" * @param message null for none; left out where the answer has no place for it");
        body.line(" */");
        body.line(
                "public static " + root.javaName() + " error(" + request.type().javaType() + " request" + PARAMETERS);
        body.line("return new " + root.javaName() + "(" + arguments(root, request) + ");");
        body.line("}").line("");
        lists(root, request);
    }

    private String arguments(StructDeclaration struct, Holder holder) throws DeclarationException {
        StringJoiner arguments = new StringJoiner(", ");
        for (FieldDeclaration field : struct.fields()) {
            if (field.isErrorCode()) {
                arguments.add("error");
            } else if (field.name().equals("errorMessage")) {
                arguments.add("message");
            } else if (field.error().isMirrored()) {
                arguments.add(mirrored(struct, field, holder));
            } else {
                arguments.add(field.error().value());
            }
        }
        return arguments.toString();
    }

    private String mirrored(StructDeclaration struct, FieldDeclaration field, Holder holder)
            throws DeclarationException {
        if (field.isListOfRecords()) {
            return method(struct, field) + "(" + holder.name() + ", version, error, message)";
        }
        MirroredValue source = MirroredValue.nearest(field, holder);
        if (source == null) {
            return field.error().value();
        }
        String value = source.expression(field);
        return holder == request ? "request == null ? " + field.error().value() + " : " + value : value;
    }

    private void lists(StructDeclaration struct, Holder holder) throws DeclarationException {
        for (FieldDeclaration field : struct.fields()) {
            if (field.error().isMirrored() && field.isListOfRecords()) {
                list(struct, field, holder);
            }
        }
    }

    private void list(StructDeclaration struct, FieldDeclaration field, Holder holder) throws DeclarationException {
        StructDeclaration element = field.elementRecord();
        List<MirroredValue> sources = MirroredValue.lists(field, holder);
        body.line("private static " + field.type().javaType() + " " + method(struct, field) + "("
                + holder.type().javaType() + " " + holder.name() + PARAMETERS);
        body.line(field.type().javaType() + " answers = new ArrayList<>();");
        for (MirroredValue source : sources) {
            elements(field, source, holder);
        }
        body.line("return answers;");
        body.line("}").line("");
        for (MirroredValue source : sources) {
            lists(element, elementOf(source));
        }
    }

    private void elements(FieldDeclaration field, MirroredValue source, Holder holder) throws DeclarationException {
        StringJoiner conditions = new StringJoiner(" && ");
        if (holder == request) {
            conditions.add("request != null");
        }
        if (source.versions().coverageOf(response.versions()) != Coverage.ALWAYS) {
            conditions.add(source.versions().conditionWithin(response.versions()));
        }
        int open = openIf(conditions.toString());
        Holder from = holder;
        for (FieldDeclaration step : source.steps()) {
            if (!(step.type() instanceof Array array)) {
                throw new DeclarationException(field.error().declaredAt(), "\"" + step.name() + "\" is no list");
            }
            String list = from.name() + "." + step.name() + "()";
            open += openIf(step.nullable().isEmpty() ? "" : list + " != null") + 1;
            Holder around = from == holder ? null : from;
            from = new Holder(array.element(), step.name() + "Element", source.versions(), around);
            body.line("for (" + array.element().javaType() + " " + from.name() + " : " + list + ") {");
        }
        StructDeclaration element = field.elementRecord();
        body.line("answers.add(new " + element.javaName() + "(" + arguments(element, from) + "));");
        for (; open > 0; open--) {
            body.line("}");
        }
    }

    private int openIf(String condition) {
        if (condition.isEmpty()) {
            return 0;
        }
        body.line("if (" + condition + ") {");
        return 1;
    }

    private static Holder elementOf(MirroredValue source) {
        return new Holder(((Array) source.type()).element(), "holder", source.versions(), null);
    }

    private static String method(StructDeclaration struct, FieldDeclaration field) {
        return "error" + CodecNames.array(struct, field);
    }
}
