package io.odradek.protocol.api;

import io.odradek.protocol.schema.Default;
import io.odradek.protocol.schema.Request;
import io.odradek.protocol.schema.Versions;

/**
 * A broker that is about to stop asks the controller to move its leaderships elsewhere. Refused with STALE_BROKER_EPOCH from an
 * earlier registration of the broker. Version 0 has a request header without a client id; 2 added the broker epoch (KIP-380);
 * 3 is flexible (KIP-482).
 */
@Request(key = 7, versions = "0-3", flexible = "3+")
public record ControlledShutdownRequest(
        int brokerId, @Versions("2+") @Default("-1") long brokerEpoch) implements ApiRequest {}
