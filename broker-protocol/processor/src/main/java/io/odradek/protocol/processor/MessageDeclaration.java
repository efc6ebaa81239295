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
 * @param traits what is declared of a response as a whole
 * @param structs its records, the message's own first
 */
record MessageDeclaration(
        Kind kind,
        String packageName,
        int key,
        VersionRange versions,
        VersionRange flexible,
        ResponseTraits traits,
        List<StructDeclaration> structs) {

    enum Kind {
        REQUEST,
        RESPONSE,
        MESSAGE
    }

    /** {@return the message of this kind and key, null if it is not among the given ones} */
    static MessageDeclaration find(List<MessageDeclaration> messages, Kind kind, int key) {
        for (MessageDeclaration message : messages) {
            if (message.kind() == kind && message.key() == key) {
                return message;
            }
        }
        return null;
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
