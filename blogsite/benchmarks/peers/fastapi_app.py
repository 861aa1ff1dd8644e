"""The peer: FastAPI and SQLAlchemy as their documentation shows them, with the product's contract.

Plain `def` routes with a session for each request, Pydantic models for bodies and answers, SQLAlchemy's own pool. A
POST checks the bearer token (HS256), loads its user, validates the body, inserts the post and a job row for a worker in
one transaction, commits, and answers 201 with the post. It does less than the product: no ETag, no idempotency, no
throttle, no metrics, no request id, no fair order in the queue. SQLite has the driver's defaults (rollback journal,
timeout of 5 s), or with PEER_PRAGMAS=1 the product's (WAL, FULL, 20 s, and IMMEDIATE: sqlite3 must not begin itself).
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import JSON, DateTime, Engine, ForeignKey, String, Text, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

SECRET_KEY = os.environ["SECRET_KEY"]
DATABASE_URL = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg://", 1)
USER = 1


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "accounts_user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)


class Post(Base):
    __tablename__ = "blogs_blogpost"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    content: Mapped[str] = mapped_column(Text, default="")
    brief: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(16), default="pending", index=True)
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime.now(UTC))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime.now(UTC))


class Job(Base):
    __tablename__ = "peer_job"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("blogs_blogpost.id"))
    status: Mapped[str] = mapped_column(String(16), default="pending", index=True)


class BriefIn(BaseModel):
    title: str = Field(min_length=1, max_length=255)
    content: str = Field(default="", max_length=20_000)


class PostOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    title: str
    content: str
    owner_id: int
    status: str
    failure: dict[str, Any] | None
    progress: dict[str, Any] | None
    revision: int
    created_at: datetime
    updated_at: datetime


class OwnPostOut(PostOut):
    brief: str


class PostAnswer(BaseModel):
    blog: PostOut


class PostList(BaseModel):
    blogs: list[PostOut]
    next: str | None


class WriteAnswer(BaseModel):
    message: str
    blog: OwnPostOut


def engine_of(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url)
    if not os.environ.get("PEER_PRAGMAS"):
        return create_engine(url, connect_args={"check_same_thread": False})
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 20, "isolation_level": None})
    event.listen(engine, "connect", use_pragmas)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def use_pragmas(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


engine = engine_of(DATABASE_URL)
app = FastAPI()
bearer = HTTPBearer()


def prepare() -> None:
    """Create the tables and the benchmark's user where they are missing."""
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        if session.get(User, USER) is None:
            session.add(User(id=USER, email="load@example.com"))
            session.commit()


prepare()


def session_of_request() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


InSession = Annotated[Session, Depends(session_of_request)]


def current_user(token: Annotated[HTTPAuthorizationCredentials, Depends(bearer)], session: InSession) -> User:
    try:
        claims = jwt.decode(token.credentials, SECRET_KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "This access token is not valid or has expired.") from error
    user = session.get(User, int(claims["sub"]))
    if user is None or not user.is_active:
        raise HTTPException(401, "This access token is not valid or has expired.")
    return user


@app.get("/api/v1/blogs/{pk}", response_model=PostAnswer)
def get_blog(pk: int, session: InSession) -> Any:
    post = session.get(Post, pk)
    if post is None:
        raise HTTPException(404, "There is no such post.")
    return {"blog": post}


@app.get("/api/v1/blogs", response_model=PostList)
def list_blogs(session: InSession, limit: Annotated[int, Query(ge=1, le=100)] = 20, after: int | None = None) -> Any:
    posts = select(Post).order_by(Post.id.desc()).limit(limit + 1)
    if after is not None:
        posts = posts.where(Post.id < after)
    found = session.scalars(posts).all()
    more = len(found) > limit
    return {"blogs": found[:limit], "next": f"/api/v1/blogs?after={found[limit - 1].id}" if more else None}


@app.post("/api/v1/blogs", response_model=WriteAnswer, status_code=201)
def create_blog(
    brief: BriefIn, response: Response, user: Annotated[User, Depends(current_user)], session: InSession
) -> Any:
    post = Post(owner_id=user.id, title=brief.title, brief=brief.content)
    session.add(post)
    session.flush()
    session.add(Job(post_id=post.id))
    session.commit()
    response.headers["Location"] = f"/api/v1/blogs/{post.id}"
    return {"message": "Blog creation is being processed.", "blog": post}
