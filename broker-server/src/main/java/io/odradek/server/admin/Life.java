package io.odradek.server.admin;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.server.Broker;
import io.odradek.server.json.Json;
import java.util.List;
import java.util.Map;

/**
 * Where a broker is in its life, as its admin listener sees it: {@code Starting -> Serving -> Stopping}, or from the first to
 * the last where a start fails.
 */
sealed interface Life {
    /** {@return the broker, to be asked} @throws RefusedException while it cannot be */
    Broker broker() throws RefusedException;

    /** {@return why clients should not come yet or any more, null if they should} */
    String unready();

    /** {@return what keeps it from doing anything at all, null if nothing does} */
    String ill();

    /** {@return whether clients should come} */
    default Answer ready() {
        return answer("ready", unready());
    }

    /** {@return whether it is worth keeping the process} */
    default Answer health() {
        return answer("healthy", ill());
    }

    private static Answer answer(String name, String reason) {
        Map<String, Object> object = Json.object(name, reason == null);
        if (reason != null) {
            object.put("reason", reason);
        }
        return Answer.json(reason == null ? 200 : 503, object);
    }

    /** It does not serve, and nothing is wrong with that. */
    private static RefusedException refuse(String reason) {
        return new RefusedException(503, reason);
    }

    /** It loads its logs, and joins its cluster. */
    record Starting() implements Life {
        @Override
        public Broker broker() throws RefusedException {
            throw refuse(unready());
        }

        @Override
        public String unready() {
            return "the broker is starting";
        }

        @Override
        public String ill() {
            return null;
        }
    }

    /** It serves clients. */
    record Serving(Broker broker) implements Life {
        @Override
        public String unready() {
            if (ill() != null) {
                return ill();
            }
            MetadataImage image = broker.metadata();
            if (!image.brokers().containsKey(broker.brokerId())) {
                return "broker " + broker.brokerId() + " is not registered in the cluster";
            }
            return image.controllerId() < 0 ? "the cluster has no controller" : null;
        }

        @Override
        public String ill() {
            List<?> online = broker.logFoldersOnline();
            return online.isEmpty() ? "no log folder is online" : null;
        }
    }

    /** It hands over what it leads, and closes its logs. */
    record Stopping() implements Life {
        @Override
        public Broker broker() throws RefusedException {
            throw refuse(unready());
        }

        @Override
        public String unready() {
            return "the broker is stopping";
        }

        @Override
        public String ill() {
            return null;
        }
    }
}
