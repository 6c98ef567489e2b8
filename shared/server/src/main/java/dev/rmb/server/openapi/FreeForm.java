package dev.rmb.server.openapi;

import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Trees of JSON as what they stand for, and not as the Java objects that they are. */
final class FreeForm implements ModelConverter {
    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        JavaType java = Json.mapper().constructType(type.getType());
        if (java != null && TreeNode.class.isAssignableFrom(java.getRawClass())) {
            return ArrayNode.class.isAssignableFrom(java.getRawClass())
                    ? new ArraySchema().items(new Schema<>())
                    : new ObjectSchema();
        }
        return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    }
}
