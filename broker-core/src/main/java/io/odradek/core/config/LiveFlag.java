package io.odradek.core.config;

import java.util.function.BooleanSupplier;

/** A setting that may change between two requests, and costs each of them one volatile read. */
public final class LiveFlag implements BooleanSupplier {
    private final String setting;
    private volatile boolean on;

    /** @param setting a BOOLEAN */
    public LiveFlag(String setting, BrokerConfig config) {
        this.setting = setting;
        on = config.flag(setting);
    }

    @Override
    public boolean getAsBoolean() {
        return on;
    }

    /** Takes over what is set now. */
    public void take(BrokerConfig config) {
        on = config.flag(setting);
    }
}
