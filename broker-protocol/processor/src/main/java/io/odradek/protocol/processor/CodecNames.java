package io.odradek.protocol.processor;

import java.util.Set;

/** Names in the source of a codec. */
final class CodecNames {
    private static final Set<String> TAKEN =
            Set.of("in", "version", "flexible", "field", "left", "tag", "end", "malformed");

    private CodecNames() {}

    static String defaultOf(StructDeclaration struct) {
        return "Defaults." + constant(struct.simpleName());
    }

    static String constant(String camelCase) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (i > 0 && Character.isUpperCase(c) && !Character.isUpperCase(camelCase.charAt(i - 1))) {
                name.append('_');
            }
            name.append(Character.toUpperCase(c));
        }
        return name.toString();
    }

    /** {@return the local variable that holds a field} */
    static String local(String field) {
        return TAKEN.contains(field) ? field + "Field" : field;
    }

    static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** {@return the name of an array field after "read" or "write"} */
    static String array(StructDeclaration struct, FieldDeclaration field) {
        return capitalized(field.name()) + "Of" + struct.simpleName();
    }
}
