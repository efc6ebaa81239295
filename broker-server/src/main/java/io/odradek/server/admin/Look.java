package io.odradek.server.admin;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.server.Broker;
import io.odradek.server.inspect.InspectionException;
import io.odradek.server.inspect.Inspector;
import io.odradek.server.lag.Lags;
import io.odradek.storage.env.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at a broker that serves.
 *
 * @param broker is asked
 * @param clock the broker's
 * @param inspector asks it of topics, records and groups
 * @param lags tells how far groups are behind
 * @param rates tells how fast topics grow
 */
record Look(Broker broker, Clock clock, Inspector inspector, Lags lags, GrowthRates rates) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Look at(Broker broker, Clock clock) {
        Inspector inspector = new Inspector(broker.cluster(), PATIENCE);
        return new Look(broker, clock, inspector, new Lags(inspector), new GrowthRates(clock));
    }

    /** {@return what the broker answers} */
    <T> T ask(ApiKey api, int version, ApiRequest request, Class<T> answer) {
        try {
            ApiResponse given = broker.ask(api, version, request)
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return answer.cast(given);
        } catch (ExecutionException failure) {
            throw new InspectionException("the broker cannot answer now: " + failure.getCause(), failure.getCause());
        } catch (TimeoutException late) {
            throw new InspectionException(
                    "the broker has not answered " + api + " in " + PATIENCE.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InspectionException("the broker stops", interrupted);
        }
    }
}
