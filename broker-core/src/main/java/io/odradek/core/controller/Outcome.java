package io.odradek.core.controller;

import io.odradek.protocol.errors.ErrorCode;

/**
 * How something went that a controller was asked for.
 *
 * @param error NONE, or why it was not done
 * @param message what happened, null with NONE
 */
public record Outcome(ErrorCode error, String message) {
    /** It was done. */
    public static final Outcome DONE = new Outcome(ErrorCode.NONE, null);
}
