package dev.rmb.tfchain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rmb.tfchain.scale.ScaleException;

/**
 * @param spec tells runtimes apart
 * @param transaction tells forms of transactions apart
 */
record RuntimeVersion(long spec, long transaction) {
    static RuntimeVersion of(JsonNode answer) {
        if (!answer.path("specVersion").isIntegralNumber()) {
            throw new ScaleException("the node's answer is no runtime version");
        }
        return new RuntimeVersion(
                answer.path("specVersion").asLong(), answer.path("transactionVersion").asLong());
    }
}
