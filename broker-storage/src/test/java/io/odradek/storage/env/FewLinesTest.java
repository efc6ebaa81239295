package io.odradek.storage.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class FewLinesTest {
    private final SimulatedWorld world = new SimulatedWorld(1);
    private final List<String> written = new ArrayList<>();
    private final Logger log = (Logger) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                written.add(method.getName() + " " + arguments[0]);
                return null;
            });

    @Test
    void ofLinesInARowTheFirstIsWrittenAndTheNextAfterAWhileCountsTheOthers() {
        FewLines lines = new FewLines(log, world.clock());
        for (int i = 0; i < 1_000; i++) {
            lines.warn("line " + i);
            world.advanceMs(59);
        }
        world.advanceMs(1_000);
        lines.error("another");
        world.advanceMs(60_000);
        lines.error("a third", new IllegalStateException("in a test"));
        assertThat(written)
                .containsExactly(
                        "warn line 0", "error another (and 999 times since the last line like this)", "error a third");
    }

    @Test
    void severalLinesMayBeAllowedInAnInterval() {
        FewLines lines = new FewLines(log, world.clock(), 2, 1_000);
        for (int i = 0; i < 3; i++) {
            lines.warn("line " + i);
        }
        world.advanceMs(1_000);
        lines.warn("line 3");
        assertThat(written)
                .containsExactly(
                        "warn line 0", "warn line 1", "warn line 3 (and 1 times since the last line like this)");
    }
}
