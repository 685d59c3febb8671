// Shows the OpenAPI document with Swagger UI.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const node = document.getElementById("swagger");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  paint();
  dark.addEventListener("change", paint);
  SwaggerUIBundle({
    url: node.dataset.url, domNode: node, deepLinking: true, validatorUrl: null, docExpansion: "list",
    defaultModelsExpandDepth: 0, presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout",
  });
});
