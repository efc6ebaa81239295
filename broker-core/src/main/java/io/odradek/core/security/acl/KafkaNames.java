package io.odradek.core.security.acl;

/** How Kafka calls what its protocol counts: {@code TransactionalId} for TRANSACTIONAL_ID. */
public final class KafkaNames {
    private KafkaNames() {}

    /** {@return the name of a constant, its words put together with capitals} */
    public static String of(Enum<?> constant) {
        StringBuilder name = new StringBuilder();
        boolean begins = true;
        for (char letter : constant.name().toCharArray()) {
            if (letter == '_') {
                begins = true;
            } else {
                name.append(begins ? letter : Character.toLowerCase(letter));
                begins = false;
            }
        }
        return name.toString();
    }
}
