package io.odradek.protocol.processor;

import io.odradek.protocol.processor.FieldType.Structure;
import io.odradek.protocol.processor.VersionRange.Coverage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The source of one message's codec. */
final class CodecSource {
    private static final List<String> IMPORTS = List.of(
            "io.odradek.protocol.errors.ErrorCode",
            "io.odradek.protocol.wire.BytesPayload",
            "io.odradek.protocol.wire.MalformedMessageException",
            "io.odradek.protocol.wire.Payload",
            "io.odradek.protocol.wire.Uuid",
            "io.odradek.protocol.wire.WireReader",
            "io.odradek.protocol.wire.WireWriter",
            "java.nio.ByteBuffer",
            "java.util.ArrayList",
            "java.util.List");

    private final MessageDeclaration message;
    private final MessageDeclaration request;
    private final SourceText body = new SourceText();

    /** @param request the request that a response answers, null for any other message */
    CodecSource(MessageDeclaration message, MessageDeclaration request) {
        this.message = message;
        this.request = request;
    }

    String text() throws DeclarationException {
        StructDeclaration root = message.root();
        body.line("/** Reads and writes {@link " + root.javaName() + "}, versions " + message.versions()
                + ". Generated from its declaration. */");
        body.line("public final class " + message.codecName() + " {");
        body.line(
                "public static final short MIN_VERSION = " + message.versions().min() + ";");
        body.line("public static final short MAX_VERSION = "
                        + message.versions().max() + ";")
                .line("");
        body.line("private " + message.codecName() + "() {}").line("");
        entryPoints(root.javaName(), root.simpleName());
        ReadSource read = new ReadSource(message, body);
        WriteSource write = new WriteSource(message, body);
        for (StructDeclaration struct : message.structs()) {
            read.struct(struct);
            write.struct(struct);
        }
        if (request != null) {
            new ErrorSource(message, request, body).methods();
        }
        defaults();
        body.line("}");
        return head() + body;
    }

    private String head() {
        String text = body.toString();
        SourceText head =
                new SourceText().line("package " + message.packageName() + ";").line("");
        for (String type : IMPORTS) {
            if (text.contains(type.substring(type.lastIndexOf('.') + 1))) {
                head.line("import " + type + ";");
            }
        }
        return head.line("").toString();
    }

    private void entryPoints(String javaName, String simpleName) {
        String outside = "version < MIN_VERSION || version > MAX_VERSION";
        body.line("/** {@return the message} @throws MalformedMessageException if the bytes are not one */");
        body.line("public static " + javaName + " read(WireReader in, short version) {");
        body.line("if (" + outside + ") {");
        body.line("throw new MalformedMessageException(\"" + simpleName + " has no version \" + version);");
        body.line("}");
        body.line("try {");
        body.line("in.charge(" + message.root().heapBytes() + ");");
        body.line("return read" + simpleName + "(in, version);");
        body.line("} catch (MalformedMessageException malformed) {");
        body.line("throw malformed.inside(\"" + simpleName + "\");");
        body.line("}").line("}").line("");
        boolean isResponse = message.kind() == MessageDeclaration.Kind.RESPONSE;
        String parameters = "(WireWriter out, " + javaName + " value, short version";
        if (isResponse) {
            body.line("/** Writes the message to a client that is not throttled. */");
            body.line("public static void write" + parameters + ") {");
            body.line("write(out, value, version, 0);");
            body.line("}").line("");
        }
        body.line("/** Writes the message. @throws IllegalStateException if it cannot be written in this version */");
        body.line("public static void write" + parameters + (isResponse ? ", int throttleTimeMs" : "") + ") {");
        body.line("if (" + outside + ") {");
        body.line("throw new IllegalStateException(\"" + simpleName + " has no version \" + version);");
        body.line("}");
        body.line("write" + simpleName + "(out, value, version" + (isResponse ? ", throttleTimeMs" : "") + ");");
        body.line("}").line("");
    }

    private void defaults() {
        Set<StructDeclaration> needed = new LinkedHashSet<>();
        for (StructDeclaration struct : message.structs()) {
            for (FieldDeclaration field : struct.fields()) {
                if (usesDefaultStructure(field)) {
                    addAfterParts(((Structure) field.type()).declaration(), needed);
                }
            }
        }
        if (needed.isEmpty()) {
            return;
        }
        body.line("private static final class Defaults {");
        for (StructDeclaration struct : needed) {
            StringBuilder values = new StringBuilder();
            for (FieldDeclaration field : struct.fields()) {
                values.append(values.length() == 0 ? "" : ", ").append(field.defaultExpression());
            }
            body.line("static final " + struct.javaName() + " " + CodecNames.constant(struct.simpleName()) + " = new "
                    + struct.javaName() + "(" + values + ");");
        }
        body.line("}");
    }

    private boolean usesDefaultStructure(FieldDeclaration field) {
        boolean always = field.untagged().coverageOf(message.versions()) == Coverage.ALWAYS;
        return field.type() instanceof Structure && !field.defaultIsNull() && !always;
    }

    private static void addAfterParts(StructDeclaration struct, Set<StructDeclaration> needed) {
        for (FieldDeclaration field : struct.fields()) {
            if (field.type() instanceof Structure part && !field.defaultIsNull()) {
                addAfterParts(part.declaration(), needed);
            }
        }
        needed.add(struct);
    }
}
