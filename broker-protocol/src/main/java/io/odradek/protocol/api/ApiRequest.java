package io.odradek.protocol.api;

/** A decoded request body. Implemented by the records that {@code @Request} declares. */
public interface ApiRequest {}
