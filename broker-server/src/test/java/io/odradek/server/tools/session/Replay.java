package io.odradek.server.tools.session;

import static org.awaitility.Awaitility.await;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.tools.ToolCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.GroupState;

/** Types a transcript with one set of tools to a broker of its own, whose clock is set. */
final class Replay implements AutoCloseable {
    private static final Instant BEGIN = Instant.parse("2026-01-05T12:00:00Z");
    private static final long PATIENCE_SECONDS = 60;

    private final Tools tools;
    private final EmbeddedBroker broker;
    private final Places places;
    private CompletableFuture<ToolCall> background;

    /** @param files for what the session writes */
    Replay(Tools tools, Path files) {
        this.tools = tools;
        broker = EmbeddedBroker.builder()
                .startTime(BEGIN)
                .setting("auto.create.topics.enable", "false")
                .setting("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer")
                .setting("super.users", "User:ANONYMOUS")
                .start();
        places = Places.of(broker, files);
    }

    /** {@return what it printed} */
    List<String> type(CommandLine typed) throws Exception {
        switch (typed.program()) {
            case "cat" -> {
                Files.writeString(Path.of(places.real(typed.writtenTo())), typed.input());
                return List.of();
            }
            case "sleep" -> {
                broker.advance(Duration.ofSeconds(Long.parseLong(typed.words().get(1))));
                return List.of();
            }
            case "wait" -> {
                return Printed.lines(awaited(background, "wait"), places);
            }
            default -> {
                return typed.inBackground() ? begin(typed) : finish(typed);
            }
        }
    }

    private List<String> finish(CommandLine typed) throws Exception {
        ToolCall call = awaited(start(typed), typed.text());
        if (typed.writtenTo() != null) {
            Files.writeString(Path.of(places.real(typed.writtenTo())), call.out());
            return Printed.lines(new ToolCall(call.status(), "", call.err()), places);
        }
        return Printed.lines(call, places);
    }

    /** Goes on when it is a member of its group. */
    private List<String> begin(CommandLine typed) {
        background = start(typed);
        String group = typed.option("--group");
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", places.address()))) {
            await(group)
                    .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> background.isDone() || isStable(group, admin));
        }
        return List.of();
    }

    private static boolean isStable(String group, Admin admin) throws Exception {
        return admin
                .listGroups(ListGroupsOptions.forConsumerGroups().inGroupStates(Set.of(GroupState.STABLE)))
                .all()
                .get()
                .stream()
                .anyMatch(listed -> listed.groupId().equals(group));
    }

    private CompletableFuture<ToolCall> start(CommandLine typed) {
        CompletableFuture<ToolCall> call = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        call.complete(tools.call(typed.program(), real(typed), typed.input()));
                    } catch (Throwable failed) {
                        call.completeExceptionally(failed);
                    }
                },
                typed.text());
        thread.setDaemon(true);
        thread.start();
        return call;
    }

    private static ToolCall awaited(CompletableFuture<ToolCall> call, String text) throws Exception {
        try {
            return call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("It goes on and on: " + text, late);
        }
    }

    private List<String> real(CommandLine typed) {
        List<String> real = new ArrayList<>();
        typed.arguments().forEach(word -> real.add(places.real(word)));
        return real;
    }

    @Override
    public void close() {
        broker.close();
    }
}
