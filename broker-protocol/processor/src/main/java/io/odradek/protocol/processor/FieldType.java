package io.odradek.protocol.processor;

/** What a field is on the wire, as its Java type says. */
sealed interface FieldType {
    /** {@return the Java type of a local variable that holds such a field} */
    String javaType();

    /** {@return the Java type as an argument of {@code List}} */
    String boxedType();

    /** {@return the fewest bytes such a field takes, not null} @param compact with a compact length */
    int minBytes(boolean compact, int version);

    /** {@return whether the wire has a null for it} */
    default boolean isReference() {
        return true;
    }

    /** A type of fixed size that the reader and the writer know by one name. */
    record Primitive(String javaType, String boxedType, String wireName, int bytes) implements FieldType {
        @Override
        public int minBytes(boolean compact, int version) {
            return bytes;
        }

        @Override
        public boolean isReference() {
            return false;
        }
    }

    /** String, bytes or records: a length and then so many bytes. */
    record Sized(String javaType, String wireName, int lengthBytes) implements FieldType {
        @Override
        public String boxedType() {
            return javaType;
        }

        @Override
        public int minBytes(boolean compact, int version) {
            return compact ? 1 : lengthBytes;
        }
    }

    /** An array. */
    record Array(FieldType element) implements FieldType {
        @Override
        public String javaType() {
            return "List<" + element.boxedType() + ">";
        }

        @Override
        public String boxedType() {
            return javaType();
        }

        @Override
        public int minBytes(boolean compact, int version) {
            return compact ? 1 : 4;
        }
    }

    /** A record with fields of its own. */
    record Structure(StructDeclaration declaration) implements FieldType {
        @Override
        public String javaType() {
            return declaration.javaName();
        }

        @Override
        public String boxedType() {
            return declaration.javaName();
        }

        @Override
        public int minBytes(boolean compact, int version) {
            return declaration.minBytes(version);
        }
    }
}
