package io.odradek.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.metrics.MetricsText;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Who answers what: the state of the broker at once, what takes asking on a thread of its own. */
final class Routes implements AutoCloseable {
    private final Supplier<Life> life;
    private final HostNames names;
    private final boolean withinThisMachine;
    private final MetricsText metrics;
    private final AdminApi api;
    private final AdminWork scrapes = new AdminWork("odradek-admin-metrics");
    private final AdminWork questions = new AdminWork("odradek-admin-api");

    /** @param withinThisMachine whether only this machine can call */
    Routes(Supplier<Life> life, HostNames names, boolean withinThisMachine, MetricsText metrics, AdminApi api) {
        this.life = life;
        this.names = names;
        this.withinThisMachine = withinThisMachine;
        this.metrics = metrics;
        this.api = api;
    }

    /**
     * Answers a request.
     *
     * @param host by which name it calls
     * @param to is given the answer, on any thread
     */
    void answer(String target, String host, Consumer<Answer> to) {
        AdminRequest request;
        try {
            request = AdminRequest.of(target);
        } catch (IllegalArgumentException wrong) {
            to.accept(Answer.error(400, "the address cannot be read: " + wrong.getMessage()));
            return;
        }
        String first = request.segment(0);
        if (!names.allow(host) && (withinThisMachine || !isForMonitors(first))) {
            to.accept(Answer.error(
                    421,
                    "call by localhost, an address, or a name that odradek.admin.host.names has; not by this one"));
            return;
        }
        if (first.equals("api")) {
            questions.answer(() -> api.answer(request, life.get()), to);
        } else if (request.segments().size() > 1) {
            to.accept(unknown());
        } else if (first.equals("health")) {
            to.accept(life.get().health());
        } else if (first.equals("ready")) {
            to.accept(life.get().ready());
        } else if (first.equals("metrics")) {
            scrapes.answer(this::scrape, to);
        } else {
            answerFile(first.isEmpty() ? "index.html" : first, to);
        }
    }

    /** What has nobody's records in it, and is called by names that a deployment gives. */
    private static boolean isForMonitors(String path) {
        return path.equals("health") || path.equals("ready") || path.equals("metrics");
    }

    private Answer scrape() throws Exception {
        StringBuilder text = new StringBuilder();
        if (metrics == null) {
            throw new RefusedException(404, "this broker keeps no metrics");
        }
        metrics.writeTo(text);
        return new Answer(200, MetricsText.CONTENT_TYPE, text.toString().getBytes(UTF_8), Map.of());
    }

    private void answerFile(String name, Consumer<Answer> to) {
        Callable<Answer> file = () -> PageFiles.file(name);
        if (PageFiles.has(name)) {
            questions.answer(file, to);
        } else {
            to.accept(unknown());
        }
    }

    private static Answer unknown() {
        return Answer.error(404, "there is nothing here; see /, /api, /metrics, /health and /ready");
    }

    @Override
    public void close() {
        questions.close();
        scrapes.close();
    }
}
