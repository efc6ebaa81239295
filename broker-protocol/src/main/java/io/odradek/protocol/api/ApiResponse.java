package io.odradek.protocol.api;

/** A response body to be encoded. Implemented by the records that {@code @Response} declares. */
public interface ApiResponse {}
