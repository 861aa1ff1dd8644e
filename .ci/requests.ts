// The README's requests, and some more, as a frontend writes them with the types of our schema.
import type { components, paths } from "./client";

type Schemas = components["schemas"];
type Json<Operation> = Operation extends { requestBody?: { content: { "application/json": infer Body } } } ? Body : never;

export const account: Json<paths["/api/v1/register"]["post"]> = { email: "me@example.com", password: "tulips-in-the-rain" };
export const login: Schemas["LoginRequest"] = { username: "me@example.com", password: "tulips-in-the-rain" };
export const brief: Json<paths["/api/v1/blogs"]["post"]> = { title: "Growing tomatoes", content: "choose big pots" };
export const title: Schemas["BriefRequest"] = { title: "Growing tomatoes", language: "auto" };
export const own: Schemas["BriefRequest"] = { title: "Growing tomatoes", content: "", generate: false };
export const text: Json<paths["/api/v1/blogs/{id}"]["put"]> = { title: "Tomatoes", content: "Big pots.", regenerate: false };
export const edit: Json<paths["/api/v1/blogs/{id}"]["patch"]> = { content: "Bigger pots." };
export const release: Json<paths["/api/v1/blogs/{id}/publish"]["post"]> = { revision: 1, publish_at: "2027-01-01T09:00:00Z" };

export function isReady(answer: Schemas["PostAnswer"]): boolean {
  return answer.blog.status === "completed" || answer.blog.status === "failed";
}
