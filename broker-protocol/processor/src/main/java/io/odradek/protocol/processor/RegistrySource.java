package io.odradek.protocol.processor;

import io.odradek.protocol.processor.MessageDeclaration.Kind;
import java.util.List;

/** The source of the registry: from an API key or a message's class to the codec, by switches that load no codec before its first use. */
final class RegistrySource {
    static final String PACKAGE = "io.odradek.protocol.api";
    static final String QUALIFIED_NAME = PACKAGE + ".ApiCodecs";

    private static final int API_VERSIONS = 18;
    private static final int CONTROLLED_SHUTDOWN = 7;

    private final List<MessageDeclaration> messages;
    private final SourceText body = new SourceText();

    RegistrySource(List<MessageDeclaration> messages) {
        this.messages = messages;
    }

    String text() {
        body.line("package " + PACKAGE + ";").line("");
        body.line("import io.odradek.protocol.errors.ErrorCode;");
        body.line("import io.odradek.protocol.wire.WireReader;");
        body.line("import io.odradek.protocol.wire.WireWriter;").line("");
        body.line("/** The codecs of all declared requests and responses. Generated from their declarations. */");
        body.line("public final class ApiCodecs {");
        body.line("private ApiCodecs() {}").line("");
        read(Kind.REQUEST, "ApiRequest", "readRequest");
        write(Kind.REQUEST, "ApiRequest", "writeRequest", false);
        read(Kind.RESPONSE, "ApiResponse", "readResponse");
        write(Kind.RESPONSE, "ApiResponse", "writeResponse", false);
        write(Kind.RESPONSE, "ApiResponse", "writeResponse", true);
        errorResponse();
        headerVersion(Kind.REQUEST, "requestHeaderVersion");
        headerVersion(Kind.RESPONSE, "responseHeaderVersion");
        bound("minVersion", "first", true);
        bound("maxVersion", "last", false);
        key();
        undeclared();
        body.line("}");
        return body.toString();
    }

    private void read(Kind kind, String type, String name) {
        body.line(
                "/** {@return the decoded body} @throws io.odradek.protocol.wire.MalformedMessageException if the bytes are not one */");
        body.line("public static " + type + " " + name + "(ApiKey key, short version, WireReader in) {");
        body.line("switch (key.key()) {");
        for (MessageDeclaration message : messages) {
            if (message.kind() == kind) {
                body.line("case " + message.key() + ":");
                body.line("    return " + message.qualifiedCodecName() + ".read(in, version);");
            }
        }
        endSwitch();
    }

    private void write(Kind kind, String type, String name, boolean throttled) {
        String javadoc = "Writes the body. @throws IllegalStateException if it cannot be written in this version";
        body.line("/** " + javadoc
                + (throttled ? " @param throttleTimeMs what the client is told, where it is told" : "") + " */");
        body.line("public static void " + name + "(" + type + " body, short version, "
                + (throttled ? "int throttleTimeMs, " : "") + "WireWriter out) {");
        body.line("switch (body.getClass().getName()) {");
        for (MessageDeclaration message : messages) {
            if (message.kind() == kind) {
                body.line("case \"" + message.qualifiedName() + "\":");
                body.line("    " + message.qualifiedCodecName() + ".write(out, (" + message.qualifiedName()
                        + ") body, version" + (throttled ? ", throttleTimeMs" : "") + ");");
                body.line("    return;");
            }
        }
        body.line("default:");
        body.line("    throw undeclared(body.getClass());");
        body.line("}").line("}").line("");
    }

    private void errorResponse() {
        body.line("/**");
        body.line(" * {@return the answer that says this error of all that the request asked for}");
        body.line(" *");
        body.line(
                " * @param request null if it could not be read: then there are no elements to say it of, and the answer says");
        body.line(" *     the error only if it {@link #hasErrorOfItsOwn}");
        body.line(" * @param message null for none; left out where the answer has no place for it");
        body.line(" */");
        body.line(
                "public static ApiResponse errorResponse(ApiKey key, short version, ApiRequest request, ErrorCode error, "
                        + "String message) {");
        body.line("switch (key.key()) {");
        for (MessageDeclaration message : messages) {
            MessageDeclaration request = message.kind() == Kind.RESPONSE
                    ? MessageDeclaration.find(messages, Kind.REQUEST, message.key())
                    : null;
            if (request != null) {
                body.line("case " + message.key() + ":");
                body.line("    return " + message.qualifiedCodecName() + ".error((" + request.qualifiedName()
                        + ") request, version, error, message);");
            }
        }
        endSwitch();
        body.line("/** {@return whether the response has an error code beside those of its elements} */");
        body.line("public static boolean hasErrorOfItsOwn(ApiKey key, short version) {");
        body.line("switch (key.key()) {");
        for (MessageDeclaration message : messages) {
            if (message.kind() == Kind.RESPONSE) {
                VersionRange versions = VersionRange.NONE;
                for (FieldDeclaration field : message.root().fields()) {
                    versions = field.isErrorCode() ? field.present() : versions;
                }
                body.line("case " + message.key() + ":");
                body.line("    return " + versions.conditionWithin(message.versions()) + ";");
            }
        }
        endSwitch();
    }

    private void headerVersion(Kind kind, String name) {
        int flexibleHeader = kind == Kind.REQUEST ? 2 : 1;
        body.line("/** {@return the version of the header that stands before a body of this version} */");
        body.line("public static short " + name + "(ApiKey key, short version) {");
        body.line("switch (key.key()) {");
        for (MessageDeclaration message : messages) {
            if (message.kind() == kind) {
                body.line("case " + message.key() + ":");
                body.line("    return " + header(message, kind, flexibleHeader) + ";");
            }
        }
        endSwitch();
    }

    private static String header(MessageDeclaration message, Kind kind, int flexibleHeader) {
        int plainHeader = flexibleHeader - 1;
        if (kind == Kind.RESPONSE && message.key() == API_VERSIONS) {
            return "0";
        }
        String plain = kind == Kind.REQUEST && message.key() == CONTROLLED_SHUTDOWN
                ? "(version == 0 ? 0 : " + plainHeader + ")"
                : String.valueOf(plainHeader);
        return message.flexible().isEmpty()
                ? "(short) " + plain
                : "(short) (version >= " + message.flexible().min() + " ? " + flexibleHeader + " : " + plain + ")";
    }

    private void bound(String name, String which, boolean min) {
        body.line("/** {@return the " + which + " version that the request declares} */");
        body.line("public static short " + name + "(ApiKey key) {");
        body.line("switch (key.key()) {");
        for (MessageDeclaration message : messages) {
            if (message.kind() == Kind.REQUEST) {
                body.line("case " + message.key() + ":");
                body.line("    return "
                        + (min ? message.versions().min() : message.versions().max()) + ";");
            }
        }
        endSwitch();
    }

    private void key() {
        body.line("/** {@return the API that the request belongs to} */");
        body.line("public static ApiKey key(ApiRequest body) {");
        body.line("switch (body.getClass().getName()) {");
        for (MessageDeclaration message : messages) {
            if (message.kind() == Kind.REQUEST) {
                body.line("case \"" + message.qualifiedName() + "\":");
                body.line("    return ApiKey.of((short) " + message.key() + ");");
            }
        }
        body.line("default:");
        body.line("    throw undeclared(body.getClass());");
        body.line("}").line("}").line("");
        body.line("/** {@return whether the API's request is declared, so that the other methods take its key} */");
        body.line("public static boolean declares(ApiKey key) {");
        body.line("switch (key.key()) {");
        for (MessageDeclaration message : messages) {
            if (message.kind() == Kind.REQUEST) {
                body.line("case " + message.key() + ":");
                body.line("    return true;");
            }
        }
        body.line("default:");
        body.line("    return false;");
        body.line("}").line("}").line("");
    }

    private void undeclared() {
        body.line("private static IllegalArgumentException undeclared(Object what) {");
        body.line("return new IllegalArgumentException(\"No message is declared for \" + what);");
        body.line("}");
    }

    private void endSwitch() {
        body.line("default:");
        body.line("    throw undeclared(key);");
        body.line("}").line("}").line("");
    }
}
