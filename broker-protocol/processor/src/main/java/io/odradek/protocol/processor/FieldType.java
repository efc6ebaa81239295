package io.odradek.protocol.processor;

/** What a field is on the wire, as its Java type says. */
sealed interface FieldType {
    /** Of a 64-bit JVM with compressed references, as all sizes on the heap. */
    int REFERENCE_HEAP_BYTES = 4;

    int HEADER_HEAP_BYTES = 12;

    /** {@return the size of an object, which is a multiple of eight bytes} */
    static int objectHeapBytes(int fieldBytes) {
        return (HEADER_HEAP_BYTES + fieldBytes + 7) / 8 * 8;
    }

    /** {@return the Java type of a local variable that holds such a field} */
    String javaType();

    /** {@return the Java type as an argument of {@code List}} */
    String boxedType();

    /** {@return the fewest bytes such a field takes, not null} @param compact with a compact length */
    int minBytes(boolean compact, int version);

    /** {@return the bytes that a field of this type takes within its object, a reference or the value itself} */
    default int fieldHeapBytes() {
        return REFERENCE_HEAP_BYTES;
    }

    /** {@return the bytes that such a field refers to, but for what the reader charges itself} */
    default int ownHeapBytes() {
        return 0;
    }

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
        public int fieldHeapBytes() {
            return Character.isLowerCase(javaType.charAt(0)) ? bytesOfValue() : REFERENCE_HEAP_BYTES;
        }

        /** {@return whether a list holds objects of its own for such values, not constants: there are but 256 bytes} */
        boolean isBoxedInList() {
            return fieldHeapBytes() > 1 && !boxedType.equals(javaType);
        }

        private int bytesOfValue() {
            return javaType.equals("int") ? Integer.BYTES : bytes;
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

        /** {@return what one element takes, the reference to it included} */
        int elementHeapBytes() {
            boolean boxed = element instanceof Primitive primitive && primitive.isBoxedInList();
            int own = boxed ? objectHeapBytes(element.fieldHeapBytes()) : element.ownHeapBytes();
            return REFERENCE_HEAP_BYTES + own;
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

        @Override
        public int ownHeapBytes() {
            return declaration.heapBytes();
        }
    }
}
