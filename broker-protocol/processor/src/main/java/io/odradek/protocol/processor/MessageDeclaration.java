package io.odradek.protocol.processor;

import java.util.List;

/**
 * A message, whole.
 *
 * @param kind what it is
 * @param packageName where it is, and its codec will be
 * @param key its API key, -1 for {@link Kind#MESSAGE}
 * @param versions the versions declared
 * @param flexible those of them with compact encodings and tagged fields
 * @param structs its records, the message's own first
 */
record MessageDeclaration(
        Kind kind,
        String packageName,
        int key,
        VersionRange versions,
        VersionRange flexible,
        List<StructDeclaration> structs) {

    enum Kind {
        REQUEST,
        RESPONSE,
        MESSAGE
    }

    StructDeclaration root() {
        return structs.get(0);
    }

    String codecName() {
        return root().simpleName() + "Codec";
    }

    String qualifiedName() {
        return packageName + '.' + root().javaName();
    }

    String qualifiedCodecName() {
        return packageName + '.' + codecName();
    }
}
