package io.odradek.server.admin;

import io.odradek.server.Broker;
import io.odradek.server.inspect.InspectionException;
import io.odradek.server.inspect.UnknownTopicException;
import io.odradek.server.json.Json;
import io.odradek.server.logging.RecentWarnings;
import io.odradek.server.logging.RecentWarnings.Warning;
import io.odradek.storage.env.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON API, for the page and for scripts. What is here stays as it is; fields may be added. All of it is read with GET,
 * and an error is an object with the field {@code error} and a status of 400 and more.
 *
 * <ul>
 *   <li>{@code /api}: these paths
 *   <li>{@code /api/topics}: a page of topics by name; {@code match}: part of a name, {@code internal=true}: also those that
 *       brokers keep for themselves, {@code limit} and {@code after}: {@code next} of the page before
 *   <li>{@code /api/topics/NAME}: a topic with its settings and a page of its partitions ({@code limit}, {@code after})
 *   <li>{@code /api/topics/NAME/records}: the last {@code limit} records, the newest first, of the first 32 partitions whose
 *       leaders answer ({@code partitionsRead} of {@code partitionCount}); {@code partition}: of that one alone, and then {@code offset}: from there on, in their order; {@code as=hex}: as bytes even where they are text,
 *       {@code bytes}: where keys, values and headers are cut; of a compressed record that is too large to be looked at, the
 *       sizes are told in {@code tooLarge} instead
 *   <li>{@code /api/groups}: a page of the groups that this broker coordinates, with their lag ({@code limit}, {@code after})
 *   <li>{@code /api/groups/ID}: a group with members, positions, and its lag in records and in seconds
 *   <li>{@code /api/brokers}: the brokers of the cluster, and the log folders of this one
 *   <li>{@code /api/warnings}: the last warnings and errors of the log, the newest first ({@code limit})
 * </ul>
 *
 * <p>Times are milliseconds since 1970, sizes bytes. What is
 * not known, such as the offsets of a partition whose leader does not answer, is null. Rates are
 * those since somebody asked before, null where nobody did in the last minute.
 */
final class AdminApi {
    private static final List<String> PATHS = List.of(
            "/api/topics",
            "/api/topics/NAME",
            "/api/topics/NAME/records",
            "/api/groups",
            "/api/groups/ID",
            "/api/brokers",
            "/api/warnings");
    private static final int MOST_WARNINGS = 200;

    private final Clock clock;
    private Look last;

    /** @param clock the broker's */
    AdminApi(Clock clock) {
        this.clock = clock;
    }

    /** {@return the answer to a request below {@code /api}} Blocks; called by one thread. */
    Answer answer(AdminRequest request, Life life) throws RefusedException {
        try {
            Answer answer = answerAgain(request, life);
            if (answer != null) {
                return answer;
            }
        } catch (UnknownTopicException unknown) {
            throw new RefusedException(404, unknown.getMessage());
        }
        throw new RefusedException(404, "there is nothing here; /api tells what there is");
    }

    /** Another broker that has not answered is left out for a while: what the rest knows is told at the second try. */
    private Answer answerAgain(AdminRequest request, Life life) throws RefusedException {
        int length = request.segments().size();
        try {
            return answer(request, request.segment(1), length, life);
        } catch (UnknownTopicException unknown) {
            throw unknown;
        } catch (InspectionException elsewhere) {
            return answer(request, request.segment(1), length, life);
        }
    }

    private Answer answer(AdminRequest request, String first, int length, Life life) throws RefusedException {
        if (first.equals("warnings") && length == 2) {
            return warnings((int) request.number("limit", 1, MOST_WARNINGS, MOST_WARNINGS));
        }
        Look look = look(life.broker());
        boolean records = length == 4 && request.segment(3).equals("records");
        return switch (first) {
            case "" -> index(look.broker());
            case "topics" ->
                length == 2
                        ? new TopicsApi(look).list(request)
                        : length == 3
                                ? new TopicsApi(look).describe(request)
                                : records ? new RecordsApi(look).list(request) : null;
            case "groups" ->
                length == 2
                        ? new GroupsApi(look).list(request)
                        : length == 3 ? new GroupsApi(look).describe(request) : null;
            case "brokers" -> length == 2 ? new BrokersApi(look).list() : null;
            default -> null;
        };
    }

    /** What was found out about a broker is of use for the next request. */
    private Look look(Broker broker) {
        if (last == null || last.broker() != broker) {
            last = Look.at(broker, clock);
        }
        return last;
    }

    private static Answer index(Broker broker) {
        return Answer.json(Json.object(
                "version",
                1,
                "broker",
                broker.brokerId(),
                "cluster",
                broker.metadata().clusterId(),
                "paths",
                PATHS));
    }

    private static Answer warnings(int limit) {
        List<Warning> kept = RecentWarnings.ofThisProcess();
        List<Object> shown = new ArrayList<>();
        for (Warning warning : kept == null ? List.<Warning>of() : kept.subList(0, Math.min(limit, kept.size()))) {
            shown.add(Json.object(
                    "timestamp", warning.timestampMs(),
                    "level", warning.level(),
                    "logger", warning.logger(),
                    "message", warning.message()));
        }
        return Answer.json(Json.object("kept", kept != null, "warnings", shown));
    }
}
