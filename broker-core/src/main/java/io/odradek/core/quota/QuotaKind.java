package io.odradek.core.quota;

/** What clients are held to. */
public enum QuotaKind {
    /** Bytes of Produce requests in a second (KIP-13). */
    PRODUCE("producer_byte_rate"),
    /** Bytes of answers to Fetch in a second (KIP-13). */
    FETCH("consumer_byte_rate"),
    /** How much of a second threads of the broker work, in percent of one of them (KIP-124). */
    REQUEST("request_percentage"),
    /** Partitions that are created and deleted in a second (KIP-599). */
    MUTATION("controller_mutation_rate");

    private final String setting;

    QuotaKind(String setting) {
        this.setting = setting;
    }

    /** {@return the setting of users and client ids that says how much} */
    public String setting() {
        return setting;
    }
}
