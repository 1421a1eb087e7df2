"""Where the record of looking meets the pages: which routes are kept, the middleware that keeps them, who may read it."""
