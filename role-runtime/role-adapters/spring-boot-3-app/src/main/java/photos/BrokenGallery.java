package photos;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** A bean that can't be made, if one asks for it. */
@Component
@ConditionalOnProperty("photos.broken")
class BrokenGallery {
  BrokenGallery() {
    throw new IllegalStateException("there is no gallery");
  }
}
