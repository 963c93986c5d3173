import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useLocation } from "wouter";
import { getPictures, thumbnailUrl } from "@/lib/api";
import type { LibraryPicture } from "@/lib/types";
import { plural } from "@/lib/words";
import { useTarget } from "../items/target";
import { keys } from "../queries";
import { Page } from "../shell/page";
import { applyPicture } from "../timeline/pictures/pictures";
import { Button } from "../ui/button";
import { EmptyState, FailedState, Later } from "../ui/states";
import { LibraryHead } from "./library-head";

/** Every picture of every story; with `?for=` it is there to choose a segment's picture from. */
export default function LibraryPage() {
  const [wanted, setWanted] = useState("");
  const find = useDeferredValue(wanted.trim());
  const found = useInfiniteQuery({
    queryKey: [...keys.pictures, find],
    queryFn: ({ pageParam }) => getPictures(find, pageParam),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const have = all.reduce((sum, page) => sum + page.pictures.length, 0);
      return last.pictures.length > 0 && have < last.count ? have : undefined;
    },
    placeholderData: (before) => before,
  });
  const count = found.data?.pages[0]?.count ?? 0;
  const pictures = found.data?.pages.flatMap((page) => page.pictures) ?? [];
  return (
    <Page title="Library">
      <LibraryHead here="/library" wanted={wanted} onWanted={setWanted} hint="Find a picture" />
      {found.isError && !found.data ? (
        <FailedState
          title="The pictures could not be read"
          problem={found.error}
          onRetry={() => void found.refetch()}
        />
      ) : !found.data ? (
        <Later>
          <div className="skeleton h-60" />
        </Later>
      ) : pictures.length === 0 ? (
        <Nothing wanted={find} />
      ) : (
        <>
          <p className="sr-only" role="status">
            {plural(count, "picture")}
          </p>
          <ul className="pictures-grid">
            {pictures.map((other) => (
              <Picture key={other.segment} picture={other} />
            ))}
          </ul>
          {found.hasNextPage && (
            <p className="acts-row mt-6">
              <Button onClick={() => void found.fetchNextPage()}>Show more, {count - pictures.length} to go</Button>
            </p>
          )}
        </>
      )}
    </Page>
  );
}

const Nothing = ({ wanted }: { wanted: string }) =>
  wanted ? (
    <EmptyState title={`No picture is about “${wanted}”.`} />
  ) : (
    <EmptyState title="No pictures yet">Every picture that you add to a story is found here again.</EmptyState>
  );

/** To choose, or to go to where it is used. */
function Picture({ picture }: { picture: LibraryPicture }) {
  const [, go] = useLocation();
  const target = useTarget();
  const segment = target?.segment;
  const where = `${picture.title}, segment ${picture.sequence_index + 1}`;

  async function choose() {
    if (!segment) return go(`/projects/${picture.project}#s-${picture.segment}`);
    if (await applyPicture(segment, picture.segment)) go(`/projects/${segment.project}#s-${segment.id}`);
  }

  return (
    <li>
      <button
        type="button"
        onClick={() => void choose()}
        aria-label={segment ? `Use in segment ${target.number}: ${where}` : `Open ${where}`}
      >
        <img
          alt=""
          loading="lazy"
          decoding="async"
          width={320}
          height={180}
          src={thumbnailUrl(picture.segment, 320, picture.updated_at)}
        />
        <b>{picture.title}</b>
        <span>{picture.image_prompt || `Segment ${picture.sequence_index + 1}`}</span>
      </button>
    </li>
  );
}
